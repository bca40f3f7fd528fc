package dev.unroll.task;

import dev.unroll.kernel.Workers;
import dev.unroll.model.IdStream;
import dev.unroll.model.NetworkState;
import dev.unroll.model.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Measures a language model on a text. */
final class Evaluator {

  /** Sentences scored side by side. */
  private static final int SENTENCES = 64;

  /** Sentences among which those of like length are sought. */
  private static final int WINDOW = 64 * SENTENCES;

  /** Tokens of a stream that are taken at a time. */
  private static final int STREAM_PART = 4096;

  private final LanguageModel model;
  private final SequenceScorer scorer;

  Evaluator(LanguageModel model, Workers workers) {
    this.model = model;
    this.scorer = model.newScorer(workers);
  }

  Evaluation evaluate(IdStream text) {
    var sum = new Sum(text);
    if (model.reading() == Reading.STREAM) {
      stream(text, sum);
    } else {
      sentences(text, sum);
    }
    return sum.result();
  }

  private void stream(IdStream text, Sum sum) {
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
      sum.add(targets, scores);
      before = targets[targets.length - 1];
    }
  }

  /**
   * Sentences of like length are scored side by side, since the steps of a batch grow slower as its
   * sentences end. The score of a sentence has the same bits in any batch.
   */
  private void sentences(IdStream text, Sum sum) {
    for (long first = 0; first < text.sentences(); first += WINDOW) {
      int count = (int) Math.min(WINDOW, text.sentences() - first);
      var targets = new ArrayList<int[]>();
      for (long s = first; s < first + count; s++) {
        targets.add(ids(text, text.sentenceStart(s), text.sentenceStart(s + 1)));
      }
      Integer[] order = IntStream.range(0, count).boxed().toArray(Integer[]::new);
      Arrays.sort(order, Comparator.comparingInt(s -> targets.get(s).length));
      var scores = new double[count][];
      for (int from = 0; from < count; from += SENTENCES) {
        var batch = Arrays.asList(order).subList(from, Math.min(count, from + SENTENCES));
        var own = batch.stream().map(targets::get).toList();
        List<double[]> results = score(own, model.startState(batch.size()));
        for (int i = 0; i < batch.size(); i++) {
          scores[batch.get(i)] = results.get(i);
        }
      }
      for (int s = 0; s < count; s++) {
        sum.add(targets.get(s), scores[s]);
      }
    }
  }

  private static int[] ids(IdStream text, long from, long to) {
    int[] ids = new int[(int) (to - from)];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = text.id(from + t);
    }
    return ids;
  }

  private List<double[]> score(List<int[]> sentences, NetworkState start) {
    var inputs =
        sentences.stream().map(ids -> SequenceScorer.inputs(model.firstInput(), ids)).toList();
    var scores = sentences.stream().map(ids -> new double[ids.length]).toList();
    scorer.score(inputs, sentences, start, false, (s, t, score, rank) -> scores.get(s)[t] = score);
    return scores;
  }

  private static final class Sum {
    private final IdStream text;
    private long unknown;
    private double nats;
    private double natsOfEnds;
    private double natsOfUnknown;

    Sum(IdStream text) {
      this.text = text;
    }

    /** Adds log-probabilities in the order of the text, whichever thread was first. */
    void add(int[] ids, double[] scores) {
      for (int t = 0; t < ids.length; t++) {
        add(ids[t], -scores[t]);
      }
    }

    private void add(int id, double loss) {
      nats += loss;
      if (id == text.tokenizer().endOfSentence()) {
        natsOfEnds += loss;
      } else if (id == text.tokenizer().unknown()) {
        unknown++;
        natsOfUnknown += loss;
      }
    }

    Evaluation result() {
      return new Evaluation(
          text.sentences(),
          text.size(),
          unknown,
          text.charactersBefore(text.sentences()),
          nats,
          natsOfEnds,
          natsOfUnknown);
    }
  }
}
