package dev.unroll.task.lm;

import dev.unroll.data.IdStream;
import dev.unroll.measure.Evaluation;

/** Sums up the scores of a text, in its order, whichever thread was first. */
final class EvaluationSum implements TokenModel.TokenSink {

  private final IdStream text;
  private long unknown;
  private double nats;
  private double natsOfEnds;
  private double natsOfUnknown;

  EvaluationSum(IdStream text) {
    this.text = text;
  }

  @Override
  public void token(int id, double logProbability) {
    if (id == text.tokenizer().endOfSentence()) {
      natsOfEnds -= logProbability;
    } else if (id == text.tokenizer().unknown()) {
      unknown++;
      natsOfUnknown -= logProbability;
    } else {
      nats -= logProbability;
    }
  }

  Evaluation result() {
    return new Evaluation(
        text.sentences(),
        text.size(),
        unknown,
        text.charactersBefore(text.sentences()),
        text.words(),
        nats,
        natsOfEnds,
        natsOfUnknown);
  }
}
