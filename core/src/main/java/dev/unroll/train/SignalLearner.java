package dev.unroll.train;

import dev.unroll.data.BatchOrder;
import dev.unroll.data.SignalBatch;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.network.SignalNetwork;

/** Trains a {@link SignalNetwork}: its batches and steps; what is to be lost is the task's. */
public abstract class SignalLearner implements Learner {

  /** Sequences that are measured side by side. */
  public static final int TOGETHER = 64;

  public final SignalNetwork network;
  public final SignalNetwork.Weights weights;
  private final BatchOrder order;
  private final SignalNetwork.Buffers space;

  public SignalLearner(SignalNetwork network, BatchOrder order) {
    this.network = network;
    this.order = order;
    weights = network.newWeights(Precision.FLOAT32);
    space = network.newBuffers(true);
  }

  /** Returns the training sequences with the numbers {@code chosen}. */
  protected abstract SignalBatch batch(int[] chosen);

  /** Returns how many targets these sequences have. */
  protected abstract int targets(int[] chosen);

  /**
   * Replaces the outputs of a batch by the gradient of the loss, times {@code scale}, and returns
   * the loss.
   */
  protected abstract double lossAndGradient(
      int[] chosen, SignalBatch batch, Matrix outputs, float scale, Workers workers);

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
    int count = 0;
    for (int i = step.from(); i < step.to(); i++) {
      count += targets(order.batch(step.epoch(), i));
    }
    float scale = 1f / count;
    double loss = 0;
    for (int i = step.from(); i < step.to(); i++) {
      int[] chosen = order.batch(step.epoch(), i);
      SignalBatch batch = batch(chosen);
      CounterRandom own = noise == null ? null : step.random(i - step.from());
      loss +=
          network.lossAndGradient(
              weights,
              batch,
              outputs -> lossAndGradient(chosen, batch, outputs, scale, workers),
              own,
              space,
              gradients,
              workers);
    }
    network.dropGradients(weights, gradients, noise, workers);
    return new Loss(loss, count);
  }
}
