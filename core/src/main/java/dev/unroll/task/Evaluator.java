package dev.unroll.task;

import dev.unroll.kernel.Workers;
import dev.unroll.model.IdStream;
import dev.unroll.model.NetworkState;
import dev.unroll.model.Reading;
import java.util.ArrayList;
import java.util.List;

/** Measures a language model on a text. */
final class Evaluator {

  /** Sentences scored side by side, and tokens of a stream taken at a time. */
  private static final int SENTENCES = 64;

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
    NetworkState state = model.network().zeroState(1);
    int before = model.firstInput();
    for (long from = 0; from < text.size(); from += STREAM_PART) {
      int[] targets = new int[(int) Math.min(STREAM_PART, text.size() - from)];
      int[] inputs = new int[targets.length];
      for (int t = 0; t < targets.length; t++) {
        inputs[t] = before;
        targets[t] = text.id(from + t);
        before = targets[t];
      }
      state = score(List.of(inputs), List.of(targets), state, sum);
    }
  }

  private void sentences(IdStream text, Sum sum) {
    for (long first = 0; first < text.sentences(); first += SENTENCES) {
      var inputs = new ArrayList<int[]>();
      var targets = new ArrayList<int[]>();
      for (long s = first; s < Math.min(text.sentences(), first + SENTENCES); s++) {
        long start = text.sentenceStart(s);
        int[] target = new int[(int) (text.sentenceStart(s + 1) - start)];
        int[] input = new int[target.length];
        int before = model.firstInput();
        for (int t = 0; t < target.length; t++) {
          input[t] = before;
          target[t] = text.id(start + t);
          before = target[t];
        }
        inputs.add(input);
        targets.add(target);
      }
      score(inputs, targets, model.network().zeroState(inputs.size()), sum);
    }
  }

  /** Scores sequences and adds them up in a fixed order, whichever thread was first. */
  private NetworkState score(List<int[]> inputs, List<int[]> targets, NetworkState start, Sum sum) {
    var scores = new ArrayList<double[]>();
    targets.forEach(target -> scores.add(new double[target.length]));
    NetworkState end =
        scorer.score(
            inputs, targets, start, false, (s, t, score, rank) -> scores.get(s)[t] = score);
    for (int s = 0; s < targets.size(); s++) {
      for (int t = 0; t < targets.get(s).length; t++) {
        sum.add(targets.get(s)[t], -scores.get(s)[t]);
      }
    }
    return end;
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

    void add(int id, double loss) {
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
