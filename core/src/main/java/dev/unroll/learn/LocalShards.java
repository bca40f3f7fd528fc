package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.train.Learner;
import dev.unroll.train.Shard;
import dev.unroll.train.ShardedLearner;
import dev.unroll.train.ShardedLearner.ShardLoss;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Computes the shards of a step one after the other, each with all threads: what a cluster computes
 * side by side, to the same bits.
 */
public final class LocalShards implements StepGradient {

  private final ShardedLearner learner;
  private final int shards;
  private final ShardTree tree;

  private LocalShards(ShardedLearner learner, int shards) {
    this.learner = learner;
    this.shards = shards;
    tree = new ShardTree(shards);
  }

  /** Returns how the steps of a run are computed on this machine: in shards, if it has such. */
  public static StepGradient of(Learner learner, Training options) {
    int shards = options.shards();
    if (shards == 1) {
      return learner::lossAndGradient;
    }
    if (!(learner instanceof ShardedLearner sharded)) {
      throw new IllegalArgumentException(learner.getClass() + " has no shards");
    }
    return new LocalShards(sharded, shards);
  }

  /** Refuses shards that would have no sequence in any batch. */
  static void check(Training options) {
    if (options.shards() > options.batch()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "there are %d shards for batches of %d sequences, so some would have none",
              options.shards(),
              options.batch()),
          String.format(
              Locale.ROOT,
              "Choose {shards %d} or fewer, or {batch %d} or more.",
              options.batch(),
              options.shards()));
    }
  }

  @Override
  public Learner.Loss lossAndGradient(
      float[] parameters, Learner.Step step, float[] gradients, Workers workers) {
    learner.begin(parameters, step, workers);
    List<ShardLoss> losses = new ArrayList<>();
    for (int number = 0; number < shards; number++) {
      var shard = new Shard(number, shards);
      float[] own = tree.zeros(gradients.length, workers);
      losses.add(learner.shard(shard, learner.carried(shard), own, workers));
      tree.add(number, own, workers);
    }
    tree.addTo(gradients, workers);
    return learner.end(losses);
  }
}
