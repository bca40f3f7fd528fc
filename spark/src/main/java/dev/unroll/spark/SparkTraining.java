package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Run;
import dev.unroll.train.Learner;
import dev.unroll.train.ShardedLearner;
import dev.unroll.train.TrainingListener;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Trains on a cluster: the shards of a step on the executors, the sum of their gradients, and the
 * step of the optimizer, on the driver. The model has the same bits as that of the local engine
 * with the same shards, on any number of executors, also where tasks are repeated.
 */
public final class SparkTraining {

  private SparkTraining() {}

  /**
   * Trains, and returns the model that did best on the validation part.
   *
   * @throws InputException if the run is not cut in shards
   */
  public static <F extends ModelFields> ModelFile<F> run(
      SparkSession session, Recipe<F> recipe, TrainingListener listener) {
    Run<F> run = recipe.prepare();
    int shards = run.options().shards();
    if (shards == 1) {
      throw new InputException(
          "the run has one shard, so it would be trained by one executor",
          "Cut it in as many shards as the cluster has cores, or some more: {shards 8}.");
    }
    var context = JavaSparkContext.fromSparkContext(session.sparkContext());
    var job = new ClusterShards.Job(run.fingerprint(), recipe, shards);
    try (var cluster = new ClusterShards(context, job)) {
      return run.run(listener, learner -> cluster.of(sharded(learner)));
    }
  }

  private static ShardedLearner sharded(Learner learner) {
    if (learner instanceof ShardedLearner sharded) {
      return sharded;
    }
    throw new IllegalStateException(learner.getClass() + " has no shards");
  }
}
