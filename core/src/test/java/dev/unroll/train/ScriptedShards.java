package dev.unroll.train;

import dev.unroll.base.Workers;
import dev.unroll.learn.Shard;
import dev.unroll.learn.ShardedLearner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;

/** Stands for a network whose batches are cut in shards: gradients are written down beforehand. */
public final class ScriptedShards implements ShardedLearner {

  /** What the steps, or the rounds, came to. */
  public final List<Boolean> settled = new ArrayList<>();

  /** The parameters that were validated. */
  public final List<float[]> judged = new ArrayList<>();

  private final int size;
  private final int batches;
  private final BiPredicate<Integer, Integer> fails;
  private final double[] validations;
  private final Map<List<Integer>, float[]> begun = new HashMap<>();
  private float[] parameters = {};
  private Step step = Step.of(0, 0, 0, 0, 0);

  /**
   * A learner of {@code size} parameters.
   *
   * @param batches batches of an epoch
   * @param fails says of a batch and a shard whether its loss is not a number
   * @param validations the losses of the validations, one after the other; the last is repeated
   */
  public ScriptedShards(
      int size, int batches, BiPredicate<Integer, Integer> fails, double... validations) {
    this.size = size;
    this.batches = batches;
    this.fails = fails;
    this.validations = validations.length == 0 ? new double[] {1} : validations.clone();
  }

  /** The share of a shard in the gradient of a parameter, by a batch's number. */
  public static float gradient(int batch, int shard, int parameter) {
    return (float) Math.sin(1 + batch + 2.3 * parameter + 0.7 * shard);
  }

  /** Returns the parameters that a shard began a batch with. */
  public float[] begun(int batch, int shard) {
    return Objects.requireNonNull(begun.get(List.of(batch, shard)));
  }

  @Override
  public float[] initialize(long seed) {
    float[] first = new float[size];
    for (int i = 0; i < size; i++) {
      first[i] = 1 - 0.7f * i;
    }
    return first;
  }

  @Override
  public int batches(int epoch) {
    return batches;
  }

  @Override
  public void begin(float[] values, Step next, Workers workers) {
    parameters = values;
    step = next;
  }

  @Override
  public Map<String, float[]> carried(Shard shard) {
    return Map.of();
  }

  @Override
  public ShardLoss shard(
      Shard shard, Map<String, float[]> carried, float[] gradients, Workers workers) {
    int batch = step.epoch() * batches + step.from();
    begun.put(List.of(batch, shard.number()), parameters.clone());
    for (int i = 0; i < size; i++) {
      gradients[i] += gradient(batch, shard.number(), i);
    }
    return new ShardLoss(fails.test(batch, shard.number()) ? Double.NaN : 1, Map.of());
  }

  @Override
  public void join(List<Map<String, float[]>> carried) {}

  @Override
  public Loss loss(Step of, double sum) {
    return new Loss(sum, 1);
  }

  @Override
  public Loss lossAndGradient(float[] values, Step next, float[] gradients, Workers workers) {
    throw new UnsupportedOperationException("all steps are cut in shards");
  }

  @Override
  public void settle(boolean applied, float[] values) {
    settled.add(applied);
  }

  @Override
  public Validation validate(float[] values, Workers workers) {
    double loss = validations[Math.min(judged.size(), validations.length - 1)];
    judged.add(values.clone());
    return new Validation(loss, null);
  }
}
