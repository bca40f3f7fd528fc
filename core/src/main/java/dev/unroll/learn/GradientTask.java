package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.learn.ShardedLearner.ShardLoss;
import dev.unroll.train.Training;

/** The gradient of a step; those of all shards add up to that of the whole batch. */
record GradientTask(float[] parameters, Learner.Step step, Sending sending) implements ShardTask {

  @Override
  public int size() {
    return parameters.length;
  }

  @Override
  public Work begin(ShardedLearner learner, Training options, Workers workers) {
    learner.begin(parameters, step, workers);
    return (shard, carried, gradients) -> {
      ShardLoss loss = learner.shard(shard, carried, gradients, workers);
      return new Result(new double[] {loss.sum()}, new double[0], loss.carried());
    };
  }

  @Override
  public ShardTask snapshot() {
    return new GradientTask(parameters.clone(), step, sending);
  }
}
