package dev.unroll.model;

import dev.unroll.batch.LengthBatches;
import dev.unroll.data.IdStream;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.TextPart;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Scores sentences, each from the model's start, those of like length side by side. The score of a
 * sentence has the same bits in any batch.
 *
 * @param model how it reads
 * @param team who reads
 */
record SentenceScorer(
    LanguageModelFields model,
    LanguageNetwork.Weights weights,
    LengthBatches.Team<LanguageNetwork.Buffers> team) {

  /** Sentences scored side by side. */
  private static final LengthBatches BATCHES = new LengthBatches(64);

  /** Sentences among which those of like length are sought. */
  private static final int WINDOW = 4096;

  /**
   * Scores sentences: the steps of a batch grow slower as its sentences end.
   *
   * @param sentences ids of each, {@code <EOS>} last
   */
  void scoreAlone(List<int[]> sentences, boolean withRanks, SequenceScorer.TokenSink sink) {
    BATCHES.forEach(
        sentences.size(),
        s -> sentences.get(s).length,
        team,
        (batch, buffers, workers) -> {
          var scorer = new SequenceScorer(model, weights, buffers, workers);
          int[] chosen = batch.sequences();
          scoreBatch(
              scorer,
              Arrays.stream(chosen).mapToObj(sentences::get).toList(),
              withRanks,
              (s, t, score, rank) -> sink.token(chosen[s], t, score, rank));
          return List.of();
        });
  }

  private void scoreBatch(
      SequenceScorer scorer,
      List<int[]> sentences,
      boolean withRanks,
      SequenceScorer.TokenSink sink) {
    var targets = sentences.stream().map(this::asRead).toList();
    var inputs = targets.stream().map(ids -> TextPart.inputs(model.firstInput(), ids)).toList();
    scorer.score(
        inputs,
        targets,
        model.network().startState(weights, sentences.size()),
        withRanks,
        (s, t, score, rank) -> sink.token(s, place(t, targets.get(s).length), score, rank));
  }

  /** Returns a sentence in the order in which it is read. */
  private int[] asRead(int[] sentence) {
    return model.backward()
        ? IntStream.range(0, sentence.length)
            .map(t -> sentence[place(t, sentence.length)])
            .toArray()
        : sentence;
  }

  /** Returns where the token that is read at step {@code t} stands. */
  private int place(int t, int length) {
    return model.backward() && t < length - 1 ? length - 2 - t : t;
  }

  /** Scores the sentences of a text, in its order, each from the start. */
  void scoreSentences(IdStream text, TokenModel.TokenSink sink) {
    for (long from = 0; from < text.sentences(); from += WINDOW) {
      long to = Math.min(text.sentences(), from + WINDOW);
      var sentences = LongStream.range(from, to).mapToObj(s -> TextPart.sentence(text, s)).toList();
      var scores = sentences.stream().map(ids -> new double[ids.length]).toList();
      scoreAlone(sentences, false, (s, t, score, rank) -> scores.get(s)[t] = score);
      for (int s = 0; s < scores.size(); s++) {
        SequenceScorer.pass(sentences.get(s), scores.get(s), sink);
      }
    }
  }
}
