package dev.unroll.train;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Stands for a network: its gradients and losses are written down beforehand, so that the course of
 * a run is known to the last number.
 */
public final class ScriptedLearner implements Learner {

  /** What each step read, and the parameters that it began with. */
  public final List<Step> steps = new ArrayList<>();

  public final List<float[]> begun = new ArrayList<>();

  /** The parameters that were validated. */
  public final List<float[]> judged = new ArrayList<>();

  private final int size;
  private final int batches;
  private final IntToDoubleFunction losses;
  private final double[] validations;

  /**
   * A learner of {@code size} parameters.
   *
   * @param batches batches of an epoch
   * @param losses the loss by the batch's number, counted from 0 over all epochs
   * @param validations the losses of the validations, one after the other; the last is repeated
   */
  public ScriptedLearner(int size, int batches, IntToDoubleFunction losses, double... validations) {
    this.size = size;
    this.batches = batches;
    this.losses = losses;
    this.validations = validations.clone();
  }

  /** The gradient of a parameter by a batch's number. */
  public static float gradient(int number, int parameter) {
    return (float) Math.sin(number + 2.3 * parameter);
  }

  @Override
  public float[] initialize(long seed) {
    float[] parameters = new float[size];
    for (int i = 0; i < size; i++) {
      parameters[i] = 1 - 0.7f * i;
    }
    return parameters;
  }

  /** A layer for each parameter, called p0, p1 and so on. */
  @Override
  public List<Slice> slices() {
    return IntStream.range(0, size).mapToObj(i -> new Slice("p" + i, i, 1, 1)).toList();
  }

  @Override
  public int batches(int epoch) {
    return batches;
  }

  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    steps.add(step);
    begun.add(parameters.clone());
    double loss = 0;
    for (int batch = step.from(); batch < step.to(); batch++) {
      int number = step.epoch() * batches + batch;
      loss += losses.applyAsDouble(number);
      for (int i = 0; i < size; i++) {
        gradients[i] += gradient(number, i);
      }
    }
    return new Loss(loss, step.to() - step.from());
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    double loss = validations[Math.min(judged.size(), validations.length - 1)];
    judged.add(parameters.clone());
    return new Validation(loss, null);
  }
}
