package dev.unroll.spark.train;

import dev.unroll.base.Workers;
import dev.unroll.learn.RoundedGradients;
import dev.unroll.learn.ShardTask;
import dev.unroll.learn.ShardTree;
import dev.unroll.spark.train.Exchange.Done;
import dev.unroll.spark.train.Exchange.Gathering;
import dev.unroll.spark.train.Exchange.Job;
import dev.unroll.spark.train.Exchange.Part;
import dev.unroll.spark.train.Exchange.Result;
import dev.unroll.spark.train.Exchange.Sum;
import dev.unroll.spark.train.Exchange.Values;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Shards that send rounded values. What rounding leaves over of a shard stays with the executor
 * that computed it, in a partition that the task of the next step reads where it is. If an executor
 * is lost, Spark computes its partitions again, step by step from the last one after which nothing
 * was left over; so what those steps were given is held until the next such step.
 */
final class RoundedShards implements AutoCloseable {

  private final JavaSparkContext context;
  private final Broadcast<Job> job;
  private final ClusterProgress progress;
  private final Gathering gathering;

  /** What the steps were given since nothing was left over. */
  private final List<Broadcast<ShardTask>> given = new ArrayList<>();

  /** What the shards sent in the step before; null where nothing is left over of it. */
  private @Nullable JavaRDD<Sent> last;

  /** Tasks of a step: the same number as long as something is left over. */
  private int tasks;

  RoundedShards(
      JavaSparkContext context, Broadcast<Job> job, ClusterProgress progress, Gathering gathering) {
    this.context = context;
    this.job = job;
    this.progress = progress;
    this.gathering = gathering;
  }

  /** What a shard sends, before it is rounded. */
  private record Sent(float[] values, Done done) implements Serializable {}

  /** Computes a step. */
  List<Result> compute(ShardTask task, List<Part> parts) {
    ShardTask.Sending sending = task.sending();
    if (!sending.continues()) {
      close();
      tasks = Math.min(parts.size(), context.defaultParallelism());
    }
    Broadcast<Job> run = job;
    ClusterProgress shown = progress;
    Broadcast<ShardTask> sent = context.broadcast(task.snapshot());
    given.add(sent);
    JavaRDD<Sent> now =
        sent(context.parallelize(parts, tasks), new Step(job, sent, progress), last);
    if (sending.rounds()) {
      now.persist(StorageLevel.MEMORY_AND_DISK());
    }
    List<Result> results =
        gathering.gather(
            now.mapPartitions(
                some -> List.of(result(run.value().shards(), sending, some, shown)).iterator()));
    if (sending.rounds()) {
      forgetLast();
      last = now;
      sent.unpersist(); // the driver has it, for executors that compute it again
    } else {
      close();
    }
    return results;
  }

  /** What the tasks of a step are given. */
  private record Step(Broadcast<Job> job, Broadcast<ShardTask> task, ClusterProgress progress)
      implements Serializable {

    /** On an executor: some shards, one after the other. */
    Iterator<Sent> compute(Iterator<Part> parts, Iterator<Sent> before) {
      var computation = Computation.begin(job.value(), task, progress);
      Map<Integer, float[]> old = new HashMap<>();
      before.forEachRemaining(each -> old.put(each.done.number(), each.values));
      var sent = new ArrayList<Sent>();
      while (parts.hasNext()) {
        Part part = parts.next();
        float[] own = new float[computation.size()];
        Done done = computation.compute(part, own);
        RoundedGradients.addRest(own, old.get(part.number()), Workers.single());
        computation.added();
        sent.add(new Sent(own, done));
      }
      computation.end();
      return sent.iterator();
    }
  }

  private static JavaRDD<Sent> sent(
      JavaRDD<Part> parts, Step step, @Nullable JavaRDD<Sent> before) {
    return before == null
        ? parts.mapPartitions(some -> step.compute(some, Collections.emptyIterator()))
        : parts.zipPartitions(before, step::compute);
  }

  /** On an executor: what a task sends. The values of a shard alone travel in two bytes each. */
  private static Result result(
      int shards, ShardTask.Sending sending, Iterator<Sent> sent, ClusterProgress progress) {
    ClusterProgress.Clock clock = progress.clock();
    Workers one = Workers.single();
    var tree = new ShardTree(shards);
    var done = new ArrayList<Done>();
    while (sent.hasNext()) {
      Sent each = sent.next();
      float[] own = each.values.clone(); // the partition keeps its values
      if (sending.rounds()) {
        RoundedGradients.round(own, one);
      }
      done.add(each.done);
      progress.count(each.done);
      tree.add(each.done.number(), own, one);
    }
    var sums = new ArrayList<Sum>();
    for (ShardTree.Node node : tree.nodes()) {
      boolean single = Math.min(shards, node.first() + (1 << node.level())) == node.first() + 1;
      Values values =
          single && sending.rounds() ? Values.rounded(node.sums()) : Values.exact(node.sums());
      sums.add(new Sum(node.first(), node.level(), values));
    }
    clock.spent(ClusterProgress.Work.ADD);
    clock.stop();
    return new Result(done, sums);
  }

  private void forgetLast() {
    if (last != null) {
      last.unpersist();
      last = null;
    }
  }

  /** Forgets all steps so far. */
  @Override
  public void close() {
    forgetLast();
    given.forEach(Broadcast::destroy);
    given.clear();
  }
}
