package dev.unroll.spark.train;

import dev.unroll.base.Workers;
import dev.unroll.learn.ShardTask;
import dev.unroll.learn.ShardTree;
import dev.unroll.learn.Shards;
import dev.unroll.spark.train.Exchange.Done;
import dev.unroll.spark.train.Exchange.Gathering;
import dev.unroll.spark.train.Exchange.Job;
import dev.unroll.spark.train.Exchange.Part;
import dev.unroll.spark.train.Exchange.Result;
import dev.unroll.spark.train.Exchange.Sum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Computes shards on executors. Each task has some consecutive shards, and adds up their values as
 * far as the tree goes; {@link SlicedSums} brings what is left to the driver, which adds up the
 * rest. A task depends on what it is given only: if it is lost, it is computed again to the same
 * bits.
 */
final class ClusterShards implements Shards, AutoCloseable {

  private final JavaSparkContext context;
  private final Broadcast<Job> job;
  private final int shards;
  private final ClusterProgress progress;
  private final Gathering gathering;
  private final RoundedShards rounded;

  ClusterShards(JavaSparkContext context, Job job) {
    this(context, job, results -> SlicedSums.gather(results, job.shards()));
  }

  ClusterShards(JavaSparkContext context, Job job, Gathering gathering) {
    this.context = context;
    this.gathering = gathering;
    progress = new ClusterProgress(context);
    this.job = context.broadcast(job);
    shards = job.shards();
    rounded = new RoundedShards(context, this.job, progress, gathering);
  }

  @Override
  public List<ShardTask.Result> compute(
      ShardTask task, List<Map<String, float[]>> carried, float[] sums, Workers workers) {
    var parts = new ArrayList<Part>();
    carried.forEach(own -> parts.add(new Part(parts.size(), new HashMap<>(own))));
    List<Result> results =
        task.sending() == ShardTask.Sending.EXACT
            ? compute(task, parts)
            : rounded.compute(task, parts);
    var tree = new ShardTree(shards);
    var found = new ShardTask.Result[shards];
    for (Result result : results) {
      result.sums().forEach(sum -> sum.addTo(tree, workers));
      result.done().forEach(done -> found[done.number()] = done.found());
    }
    tree.addTo(sums, workers);
    return List.of(found);
  }

  private List<Result> compute(ShardTask task, List<Part> parts) {
    int tasks = Math.min(shards, context.defaultParallelism());
    Broadcast<ShardTask> sent = context.broadcast(task);
    Broadcast<Job> run = job;
    ClusterProgress counted = progress;
    try {
      return gathering.gather(
          context
              .parallelize(parts, tasks)
              .mapPartitions(
                  some -> List.of(compute(run.value(), sent, some, counted)).iterator()));
    } finally {
      sent.destroy();
    }
  }

  /** On an executor: some shards, one after the other. */
  private static Result compute(
      Job job, Broadcast<ShardTask> sent, Iterator<Part> parts, ClusterProgress progress) {
    Workers one = Workers.single(); // a task has one core
    var computation = Computation.begin(job, sent, progress);
    var tree = new ShardTree(job.shards());
    var done = new ArrayList<Done>();
    while (parts.hasNext()) {
      Part part = parts.next();
      float[] own = tree.zeros(computation.size(), one);
      done.add(computation.compute(part, own));
      progress.count(done.getLast());
      tree.add(part.number(), own, one);
      computation.added();
    }
    computation.end();
    return new Result(done, Sum.all(tree));
  }

  @Override
  public void close() {
    context.setJobDescription(null);
    rounded.close();
    job.destroy();
  }
}
