package dev.unroll.train;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Shard;
import dev.unroll.learn.ShardedLearner;
import java.util.List;
import java.util.Map;

/** Does what another learner does; a test changes some of it. */
public class ForwardingLearner implements ShardedLearner {

  private final ShardedLearner learner;

  public ForwardingLearner(ShardedLearner learner) {
    this.learner = learner;
  }

  @Override
  public float[] initialize(long seed) {
    return learner.initialize(seed);
  }

  @Override
  public List<Slice> slices() {
    return learner.slices();
  }

  @Override
  public int batches(int epoch) {
    return learner.batches(epoch);
  }

  @Override
  public List<UsedRows> rows(Step step) {
    return learner.rows(step);
  }

  @Override
  public Loss lossAndGradient(float[] values, Step step, float[] gradients, Workers workers) {
    return learner.lossAndGradient(values, step, gradients, workers);
  }

  @Override
  public void begin(float[] parameters, Step step, Workers workers) {
    learner.begin(parameters, step, workers);
  }

  @Override
  public Map<String, float[]> carried(Shard shard) {
    return learner.carried(shard);
  }

  @Override
  public ShardLoss shard(
      Shard shard, Map<String, float[]> carried, float[] gradients, Workers workers) {
    return learner.shard(shard, carried, gradients, workers);
  }

  @Override
  public void join(List<Map<String, float[]>> carried) {
    learner.join(carried);
  }

  @Override
  public Loss loss(Step step, double sum) {
    return learner.loss(step, sum);
  }

  @Override
  public void settle(boolean applied, float[] parameters) {
    learner.settle(applied, parameters);
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    return learner.validate(parameters, workers);
  }

  @Override
  public Map<String, float[]> carried() {
    return learner.carried();
  }

  @Override
  public void restore(Map<String, float[]> carried) {
    learner.restore(carried);
  }
}
