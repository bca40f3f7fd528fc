package dev.unroll.spark.train;

import dev.unroll.base.Workers;
import dev.unroll.learn.Shard;
import dev.unroll.learn.ShardTask;
import dev.unroll.learn.ShardedLearner;
import dev.unroll.spark.train.ClusterProgress.Clock;
import dev.unroll.spark.train.ClusterProgress.Work;
import dev.unroll.spark.train.Exchange.Done;
import dev.unroll.spark.train.Exchange.Job;
import dev.unroll.spark.train.Exchange.Part;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a task does on an executor: it computes some shards, one after the other, with a learner
 * that no other task has. Spark shows what it spent its time on.
 */
final class Computation {

  private final Job job;
  private final Runs runs;
  private final ShardTask task;
  private final ShardedLearner learner;
  private final ShardTask.Work work;
  private final Clock clock;

  private Computation(Job job, Runs runs, ShardTask task, Clock clock) {
    this.job = job;
    this.runs = runs;
    this.task = task;
    this.clock = clock;
    learner = runs.borrow();
    work = task.begin(learner, runs.options(), Workers.single()); // a task has one core
  }

  /** Prepares the run, if this JVM has not done so, and takes what the step is given. */
  static Computation begin(Job job, Broadcast<ShardTask> sent, ClusterProgress progress) {
    Clock clock = progress.clock();
    Runs runs = Runs.of(job.name(), job.recipe());
    clock.spent(Work.PREPARE);
    ShardTask task = sent.value();
    clock.spent(Work.RECEIVE);
    return new Computation(job, runs, task, clock);
  }

  /** Returns how many values a shard computes. */
  int size() {
    return task.size();
  }

  /**
   * Computes a shard.
   *
   * @param values where its values go; zeros before
   */
  Done compute(Part part, float[] values) {
    var shard = new Shard(part.number(), job.shards());
    var done = new Done(part.number(), work.compute(shard, part.carried(), values));
    clock.spent(Work.COMPUTE);
    return done;
  }

  /** Notes that values were added since the last call. */
  void added() {
    clock.spent(Work.ADD);
  }

  /** Ends the task; one that fails does not come so far, and no other gets its learner. */
  void end() {
    runs.giveBack(learner);
    clock.stop();
  }
}
