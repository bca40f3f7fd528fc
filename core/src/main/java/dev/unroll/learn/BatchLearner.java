package dev.unroll.learn;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;
import dev.unroll.stack.ParameterizedNetwork;
import dev.unroll.train.Learner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network on batches: a step adds up the gradients of its batches, each scaled by the
 * targets of all of them. What a batch is, and its loss, is the task's.
 *
 * @param <B> a batch
 * @param <W> the weights of the network
 */
public abstract class BatchLearner<B, W> implements Learner {

  /** Weights packed for the step, or for the validation, that is computed now. */
  protected final W weights;

  private final ParameterizedNetwork<W> network;

  /** Prepares to train a network. */
  protected BatchLearner(ParameterizedNetwork<W> network) {
    this.network = network;
    weights = network.newWeights(Precision.FLOAT32);
  }

  /**
   * How a batch is taken in a step.
   *
   * @param random random numbers of the batch
   * @param drops whether they are used for dropout
   * @param targets targets of the whole step, of which the batch has a part or all
   * @param epochs how often the data was read before the step
   */
  public record Pass(CounterRandom random, boolean drops, int targets, double epochs) {

    /** Returns random numbers for dropout, or null for none. */
    public @Nullable CounterRandom noise() {
      return drops ? random : null;
    }

    /** Returns the factor of all gradients, for the mean over the targets of the step. */
    public float scale() {
      return 1f / targets;
    }
  }

  /** Returns a batch of an epoch. */
  protected abstract B batch(int epoch, int index);

  /** Returns the number of targets of a batch. */
  protected abstract int targets(B batch);

  /**
   * Computes the sum of the losses of all targets of a batch, and adds the gradient of its share of
   * the mean loss of the step to {@code gradients}.
   */
  protected abstract double lossAndGradient(B batch, Pass pass, float[] gradients, Workers workers);

  /** Returns what a step computed. */
  protected Loss loss(List<B> batches, double sum, int targets) {
    return new Loss(sum, targets);
  }

  @Override
  public float[] initialize(long seed) {
    return network.initialize(seed);
  }

  @Override
  public List<Slice> slices() {
    return network.slices();
  }

  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    boolean drops = network.drops();
    CounterRandom noise = drops ? step.random() : null;
    network.packForTraining(parameters, weights, noise, workers);
    var batches = new ArrayList<B>();
    for (int i = step.from(); i < step.to(); i++) {
      batches.add(batch(step.epoch(), i));
    }
    int targets = batches.stream().mapToInt(this::targets).sum();
    double epochs = step.epoch() + (double) step.from() / batches(step.epoch());
    double loss = 0;
    for (int i = 0; i < batches.size(); i++) {
      var pass = new Pass(step.random(i), drops, targets, epochs);
      loss += lossAndGradient(batches.get(i), pass, gradients, workers);
    }
    network.dropGradients(weights, gradients, noise, workers);
    return loss(batches, loss, targets);
  }
}
