package dev.unroll.task.lm;

import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.kernel.Workers;
import dev.unroll.network.NetworkState;
import java.util.ArrayList;
import java.util.List;

/** Scores the tokens of a text in its order, as a language model reads it. */
final class TextReader {

  /** Sentences among which those of like length are sought. */
  private static final int WINDOW = 4096;

  /** Tokens of a stream that are taken at a time. */
  private static final int STREAM_PART = 4096;

  private final LanguageModel model;
  private final SequenceScorer scorer;

  TextReader(LanguageModel model, Workers workers) {
    this.model = model;
    this.scorer = model.newScorer(workers);
  }

  void read(IdStream text, TokenModel.TokenSink sink) {
    if (model.reading() == Reading.STREAM) {
      stream(text, sink);
    } else {
      sentences(text, sink);
    }
  }

  private static void pass(int[] ids, double[] scores, TokenModel.TokenSink sink) {
    for (int t = 0; t < ids.length; t++) {
      sink.token(ids[t], scores[t]);
    }
  }

  private void stream(IdStream text, TokenModel.TokenSink sink) {
    NetworkState state = model.startState(1);
    int before = model.firstInput();
    for (long from = 0; from < text.size(); from += STREAM_PART) {
      int[] targets = ids(text, from, Math.min(text.size(), from + STREAM_PART));
      double[] scores = new double[targets.length];
      state =
          scorer.score(
              List.of(SequenceScorer.inputs(before, targets)),
              List.of(targets),
              state,
              false,
              (s, t, score, rank) -> scores[t] = score);
      pass(targets, scores, sink);
      before = targets[targets.length - 1];
    }
  }

  private void sentences(IdStream text, TokenModel.TokenSink sink) {
    for (long first = 0; first < text.sentences(); first += WINDOW) {
      int count = (int) Math.min(WINDOW, text.sentences() - first);
      var targets = new ArrayList<int[]>();
      for (long s = first; s < first + count; s++) {
        targets.add(ids(text, text.sentenceStart(s), text.sentenceStart(s + 1)));
      }
      var scores = targets.stream().map(ids -> new double[ids.length]).toList();
      scorer.scoreAlone(targets, model, false, (s, t, score, rank) -> scores.get(s)[t] = score);
      for (int s = 0; s < count; s++) {
        pass(targets.get(s), scores.get(s), sink);
      }
    }
  }

  static int[] ids(IdStream text, long from, long to) {
    int[] ids = new int[(int) (to - from)];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = text.id(from + t);
    }
    return ids;
  }
}
