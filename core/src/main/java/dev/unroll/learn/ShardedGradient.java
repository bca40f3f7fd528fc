package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.learn.ShardTask.Result;
import dev.unroll.learn.ShardTask.Sending;
import dev.unroll.train.Training;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Gradients that are computed in shards. Where they are sent rounded, every so many steps they are
 * sent as they are, with all that rounding has left over: there a run can be kept, as nothing but
 * the parameters and moments is carried on, and a machine that is lost has lost no more than what
 * came since.
 */
final class ShardedGradient implements StepGradient {

  /** Steps from one in which nothing is rounded to the next; part of what a run is. */
  static final int CYCLE = 16;

  private final ShardedLearner learner;
  private final Shards shards;
  private final int count;
  private final boolean rounds;

  /** Steps since nothing was left over. */
  private int since;

  ShardedGradient(ShardedLearner learner, Shards shards, Training options) {
    this.learner = learner;
    this.shards = shards;
    count = options.shards();
    rounds = options.sharding().rounds();
  }

  @Override
  public Learner.Loss lossAndGradient(
      float[] parameters, Learner.Step step, float[] gradients, Workers workers) {
    var task = new GradientTask(parameters, step, sending());
    List<Result> results = shards.compute(task, carried(learner, count), gradients, workers);
    learner.join(results.stream().map(Result::carried).toList());
    return learner.loss(step, sum(results, 0));
  }

  private Sending sending() {
    if (!rounds) {
      return Sending.EXACT;
    }
    return since == 0 ? Sending.FIRST : since < CYCLE - 1 ? Sending.NEXT : Sending.LAST;
  }

  /** Returns what each shard of the next step takes over. */
  static List<Map<String, float[]>> carried(ShardedLearner learner, int shards) {
    return IntStream.range(0, shards)
        .mapToObj(number -> learner.carried(new Shard(number, shards)))
        .toList();
  }

  /** Returns the sum of the losses of a step, in the order of the shards. */
  static double sum(List<Result> results, int step) {
    double sum = 0;
    for (Result result : results) {
      sum += result.losses()[step];
    }
    return sum;
  }

  /** What was left over may not be finite after a step that was not: it is dropped. */
  @Override
  public void settle(boolean applied) {
    since = applied ? (since + 1) % CYCLE : 0;
  }

  @Override
  public boolean isWhole() {
    return !rounds || since == 0;
  }
}
