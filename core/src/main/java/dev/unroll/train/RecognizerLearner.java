package dev.unroll.train;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.model.SignalBatch;
import dev.unroll.model.SignalNetwork;
import dev.unroll.nn.Ctc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network that labels without alignment, by {@link Ctc}: the loss is -log P of the labels of a
 * sequence, in nats a sequence.
 */
public final class RecognizerLearner implements Learner {

  /** Sequences that are measured side by side. */
  private static final int TOGETHER = 64;

  private final SignalNetwork network;
  private final RecognizedSequences training;
  private final RecognizedSequences validation;
  private final Ctc ctc;
  private final Judge judge;
  private final BatchOrder order;
  private final SignalNetwork.Weights weights;
  private final SignalNetwork.Buffers space;

  /** Says how good what a network finds is. */
  @FunctionalInterface
  public interface Judge {
    /** Returns the measure that chooses the best network, of which more is better. */
    Measure judge(SignalNetwork.Weights weights, Workers workers);
  }

  /**
   * Prepares to train {@code network} on some sequences and to choose by others.
   *
   * @param parts sequences to learn from, and those that choose the best parameters
   * @param options the course of the run; those of streams are not used
   */
  public RecognizerLearner(
      SignalNetwork network,
      List<RecognizedSequences> parts,
      Ctc ctc,
      Training options,
      Judge judge) {
    this.network = network;
    this.training = parts.get(0);
    this.validation = parts.get(1);
    this.ctc = ctc;
    this.judge = judge;
    order = BatchOrder.shuffled(training.size(), training::length, options.batch(), options.seed());
    weights = network.newWeights(Precision.FLOAT32);
    space = network.newBuffers(true);
  }

  @Override
  public float[] initialize(long seed) {
    return network.initialize(seed);
  }

  @Override
  public int batches(int epoch) {
    return order.batches();
  }

  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    boolean drops = !network.description().network().dropouts().none();
    CounterRandom noise = drops ? step.random() : null;
    network.packForTraining(parameters, weights, noise, workers);
    var some = new ArrayList<int[]>();
    for (int i = step.from(); i < step.to(); i++) {
      some.add(order.batch(step.epoch(), i));
    }
    int count = some.stream().mapToInt(each -> each.length).sum();
    double loss = 0;
    for (int i = 0; i < some.size(); i++) {
      SignalBatch batch = training.batch(some.get(i));
      int[][] targets = training.targets(some.get(i));
      CounterRandom own = noise == null ? null : step.random(i);
      loss +=
          network.lossAndGradient(
              weights,
              batch,
              outputs -> ctc.lossAndGradient(batch.steps(), outputs, targets, 1f / count, workers),
              own,
              space,
              gradients,
              workers);
    }
    network.dropGradients(weights, gradients, noise, workers);
    return new Loss(loss, count);
  }

  @Override
  public void settle(boolean applied) {
    // no sequence goes on where another ended
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

  @Override
  public Map<String, float[]> carried() {
    return Map.of();
  }

  @Override
  public void restore(Map<String, float[]> carried) {
    // nothing is carried
  }
}
