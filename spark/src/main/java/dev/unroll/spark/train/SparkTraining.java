package dev.unroll.spark.train;

import dev.unroll.base.InputException;
import dev.unroll.learn.Checkpoints;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.TrainingListener;
import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Trains on a cluster: the shards of a step on the executors, the sum of their gradients, and the
 * step of the optimizer, on the driver. The model has the same bits as that of the local engine
 * with the same shards, on any number of executors, even where tasks are repeated.
 */
public final class SparkTraining {

  private SparkTraining() {}

  /**
   * Trains, and returns the model that did best on the validation part.
   *
   * @param output what is kept of the run, such as {@link #checkpoints}; the file of the model is
   *     one of the driver's machine
   * @throws InputException if the run is not cut in shards
   */
  public static <F extends ModelFields> ModelFile<F> run(
      SparkSession session, Recipe<F> recipe, RunOutput output, TrainingListener listener) {
    return run(session, recipe, recipe.prepare(output), listener);
  }

  /** Trains a run that is prepared already on the driver. */
  static <F extends ModelFields> ModelFile<F> run(
      SparkSession session, Recipe<?> recipe, Run<F> run, TrainingListener listener) {
    int shards = run.options().shards();
    if (shards == 1) {
      throw new InputException(
          "the run has one shard, so it would be trained by one executor",
          "Cut it in as many shards as the cluster has cores, or some more: {shards 8}.");
    }
    var context = JavaSparkContext.fromSparkContext(session.sparkContext());
    var job = new Exchange.Job(run.fingerprint(), recipe, shards);
    try (var cluster = new ClusterShards(context, job)) {
      return run.run(ClusterProgress.watching(context, listener), cluster);
    }
  }

  /**
   * Opens a folder of checkpoints, on any file system that Hadoop knows; one run at a time may use
   * it. A run with the same data and options resumes from there, to the same bits, on any number of
   * executors. Where the last checkpoint is damaged, the one before it is taken.
   *
   * @param folder such as {@code hdfs:///runs/english}
   * @param steps steps between two checkpoints, 1 or more
   * @throws InputException if the folder cannot be written
   */
  public static Checkpoints checkpoints(SparkSession session, String folder, long steps) {
    var files = new HadoopFiles(session.sessionState().newHadoopConf());
    return Checkpoints.in(
        new HadoopStore(files, HadoopFiles.path(folder)),
        new Checkpoints.Interval(steps, Duration.ZERO),
        System::nanoTime);
  }
}
