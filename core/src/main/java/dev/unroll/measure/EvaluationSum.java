package dev.unroll.measure;

import dev.unroll.data.IdStream;
import dev.unroll.result.Evaluation;

/** Sums up the log-probabilities of the tokens of a text, in their order. */
public final class EvaluationSum {

  private final IdStream text;
  private long unknown;
  private long impossible;
  private double nats;
  private double natsOfEnds;
  private double natsOfUnknown;

  /** Begins to measure a text. */
  public EvaluationSum(IdStream text) {
    this.text = text;
  }

  /** Adds the next token of the text and the natural logarithm of its probability. */
  public void add(int id, double logProbability) {
    if (logProbability == Double.NEGATIVE_INFINITY) {
      impossible++;
    }
    if (id == text.tokenizer().endOfSentence()) {
      natsOfEnds -= logProbability;
    } else if (id == text.tokenizer().unknown()) {
      unknown++;
      natsOfUnknown -= logProbability;
    } else {
      nats -= logProbability;
    }
  }

  /** Returns what was measured, once all tokens of the text were added. */
  public Evaluation result() {
    return new Evaluation(
        text.sentences(),
        text.size(),
        unknown,
        text.charactersBefore(text.sentences()),
        text.words(),
        nats,
        natsOfEnds,
        natsOfUnknown,
        impossible);
  }
}
