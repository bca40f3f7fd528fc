package dev.unroll.spark.train;

import dev.unroll.base.Workers;
import dev.unroll.learn.ShardTree;
import dev.unroll.learn.StepGradient;
import dev.unroll.spark.train.ClusterProgress.Work;
import dev.unroll.train.Learner;
import dev.unroll.train.Shard;
import dev.unroll.train.ShardedLearner;
import dev.unroll.train.ShardedLearner.ShardLoss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Computes the shards of a step on executors. Each task has some consecutive shards, and adds up
 * their gradients as far as the tree goes; {@link SlicedSums} brings what is left to the driver,
 * which adds up the rest. A task depends on what it is given only: if it is lost, it is computed
 * again to the same bits.
 */
final class ClusterShards implements AutoCloseable {

  private final JavaSparkContext context;
  private final Broadcast<Job> job;
  private final int shards;
  private final ClusterProgress progress;
  private final Gathering gathering;

  ClusterShards(JavaSparkContext context, Job job) {
    this(context, job, results -> SlicedSums.gather(results, job.shards));
  }

  ClusterShards(JavaSparkContext context, Job job, Gathering gathering) {
    this.context = context;
    this.gathering = gathering;
    progress = new ClusterProgress(context);
    this.job = context.broadcast(job);
    shards = job.shards;
  }

  /**
   * A run, as executors know it.
   *
   * @param name the hash of all that decides its bits
   */
  record Job(String name, Recipe<?> recipe, int shards) implements Serializable {}

  /** How what tasks have computed comes to the driver; whatever is added up on the way. */
  @FunctionalInterface
  interface Gathering {
    List<Result> gather(JavaRDD<Result> results);
  }

  /** A shard to compute, with what it takes over. */
  private record Part(int number, HashMap<String, float[]> carried) implements Serializable {}

  /** What was computed of a shard, but for its gradient. */
  record Done(int number, double loss, HashMap<String, float[]> carried) implements Serializable {}

  /** A node of the tree. */
  record Sum(int first, int level, float[] sums) implements Serializable {

    /** Returns the nodes of a tree. */
    static ArrayList<Sum> all(ShardTree tree) {
      var all = new ArrayList<Sum>();
      tree.nodes().forEach(node -> all.add(new Sum(node.first(), node.level(), node.sums())));
      return all;
    }

    void addTo(ShardTree tree, Workers workers) {
      tree.add(new ShardTree.Node(first, level, sums), workers);
    }
  }

  /** What a task returns. */
  record Result(ArrayList<Done> done, ArrayList<Sum> sums) implements Serializable {}

  /** Returns what computes the gradients of a learner. */
  StepGradient of(ShardedLearner learner) {
    return (parameters, step, gradients, workers) -> {
      learner.begin(parameters, step, workers);
      var parts = new ArrayList<Part>();
      for (int number = 0; number < shards; number++) {
        var carried = learner.carried(new Shard(number, shards));
        parts.add(new Part(number, new HashMap<>(carried)));
      }
      List<Result> results = compute(parameters, step, parts);
      var tree = new ShardTree(shards);
      var losses = new ShardLoss[shards];
      for (Result result : results) {
        result.sums.forEach(sum -> sum.addTo(tree, workers));
        result.done.forEach(done -> losses[done.number] = new ShardLoss(done.loss, done.carried));
      }
      tree.addTo(gradients, workers);
      return learner.end(List.of(losses));
    };
  }

  private List<Result> compute(float[] parameters, Learner.Step step, List<Part> parts) {
    int tasks = Math.min(shards, context.defaultParallelism());
    Broadcast<float[]> sent = context.broadcast(parameters);
    Broadcast<Job> run = job;
    ClusterProgress counted = progress;
    try {
      return gathering.gather(
          context
              .parallelize(parts, tasks)
              .mapPartitions(
                  some -> List.of(compute(run.value(), sent, step, some, counted)).iterator()));
    } finally {
      sent.destroy();
    }
  }

  /** On an executor: some shards, one after the other. */
  private static Result compute(
      Job job,
      Broadcast<float[]> sent,
      Learner.Step step,
      Iterator<Part> parts,
      ClusterProgress progress) {
    ClusterProgress.Clock clock = progress.clock();
    Runs runs = Runs.of(job.name, job.recipe);
    clock.spent(Work.PREPARE);
    float[] parameters = sent.value();
    clock.spent(Work.RECEIVE);
    ShardedLearner learner = runs.borrow();
    Workers one = Workers.single(); // a task has one core
    learner.begin(parameters, step, one);
    var tree = new ShardTree(job.shards);
    var done = new ArrayList<Done>();
    while (parts.hasNext()) {
      Part part = parts.next();
      float[] own = new float[parameters.length];
      ShardLoss loss = learner.shard(new Shard(part.number, job.shards), part.carried, own, one);
      clock.spent(Work.COMPUTE);
      done.add(new Done(part.number, loss.sum(), new HashMap<>(loss.carried())));
      progress.count(loss.sum());
      tree.add(part.number, own, one);
      clock.spent(Work.ADD);
    }
    runs.giveBack(learner);
    clock.stop();
    return new Result(done, Sum.all(tree));
  }

  @Override
  public void close() {
    context.setJobDescription(null);
    job.destroy();
  }
}
