package dev.unroll.task.recognize;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.BatchOrder;
import dev.unroll.batch.RecognizedSequences;
import dev.unroll.batch.SignalBatch;
import dev.unroll.head.Ctc;
import dev.unroll.learn.SignalLearner;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.List;

/**
 * A network that labels without alignment, by {@link Ctc}: the loss is -log P of the labels of a
 * sequence, in nats per sequence.
 */
final class RecognizerLearner extends SignalLearner {

  private final RecognizedSequences training;
  private final RecognizedSequences validation;
  private final Ctc ctc;
  private final Judge judge;

  /** Says how good what a network finds is. */
  @FunctionalInterface
  public interface Judge {
    /** Returns the measure that chooses the best network, of which more is better. */
    Validation.Measure judge(SignalNetwork.Weights weights, Workers workers);
  }

  /**
   * Prepares to train {@code network} on some sequences and to choose by others.
   *
   * @param parts sequences to learn from, and those that choose the best parameters
   * @param options the training options; those of streams are not used
   */
  public RecognizerLearner(
      SignalNetwork network,
      List<RecognizedSequences> parts,
      Ctc ctc,
      Training options,
      Judge judge) {
    super(network, order(parts.get(0), options));
    this.training = parts.get(0);
    this.validation = parts.get(1);
    this.ctc = ctc;
    this.judge = judge;
  }

  private static BatchOrder order(RecognizedSequences training, Training options) {
    return BatchOrder.shuffled(training.size(), training::length, options.batch(), options.seed());
  }

  @Override
  protected SignalBatch batch(int[] chosen) {
    return training.batch(chosen);
  }

  @Override
  protected int targets(int[] chosen) {
    return chosen.length;
  }

  @Override
  protected double lossAndGradient(Chosen chosen, Matrix outputs, float scale, Workers workers) {
    int[][] targets = training.targets(chosen.numbers());
    return ctc.lossAndGradient(chosen.batch().steps(), outputs, targets, scale, workers);
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.packForward(parameters, weights, workers);
    double loss = 0;
    var each = BatchOrder.sorted(validation.size(), validation::length, TOGETHER);
    var buffers = network.newBuffers(false);
    for (int i = 0; i < each.batches(); i++) {
      int[] chosen = each.batch(0, i);
      SignalBatch batch = validation.batch(chosen);
      var outputs = network.outputs(weights, batch, buffers, workers);
      loss += ctc.loss(batch.steps(), outputs, validation.targets(chosen), workers);
    }
    return new Validation(loss / validation.size(), judge.judge(weights, workers));
  }
}
