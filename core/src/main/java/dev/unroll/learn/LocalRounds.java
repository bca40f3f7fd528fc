package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Reductions;
import dev.unroll.learn.Learner.Loss;
import dev.unroll.learn.Learner.Step;
import dev.unroll.learn.LocalSteps.OwnStep;
import dev.unroll.learn.ShardTask.Result;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener.StepReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Local SGD (Stich 2019): the shards make some steps, each by itself, then their parameters and
 * moments are averaged. A round of steps ends earlier with its epoch, and where a validation is
 * due, so that these come after as many steps as without rounds.
 */
final class LocalRounds extends Steps {

  private final ShardedLearner sharded;
  private final Shards shards;
  private final TreeMap<String, float[]> moments;
  private float[] sums = {};

  LocalRounds(
      RunState run,
      ShardedLearner sharded,
      Shards shards,
      Training options,
      GuardedListener listener) {
    super(run, sharded, options, listener);
    this.sharded = sharded;
    this.shards = shards;
    moments = new TreeMap<>(run.update.moments());
  }

  /** The steps of a round, and how large each is. */
  private record Round(ArrayList<OwnStep> steps, List<StepReport> sizes) {}

  @Override
  void next(int batches, long steps, Workers workers) {
    Round round = round(batches, steps);
    var task = new LocalSteps(run.parameters, moments, round.steps, run.applied);
    sums = sums.length == 0 ? new float[task.size()] : sums;
    Arrays.fill(sums, 0f);
    List<Result> results =
        shards.compute(task, ShardedGradient.carried(sharded, options.shards()), sums, workers);
    sharded.join(results.stream().map(Result::carried).toList());
    var reports = new ArrayList<StepReport>();
    boolean finite = true;
    for (int i = 0; i < round.steps.size() && finite; i++) {
      StepReport report = report(round.sizes.get(i), results, i);
      reports.add(report);
      finite = Double.isFinite(report.loss()) && Double.isFinite(report.gradientNorm());
    }
    finite = finite && Reductions.areFinite(sums, 0, run.parameters.length);
    if (finite) {
      run.applied += round.steps.size();
      average(workers);
      run.average(workers);
    }
    learner.settle(finite, run.parameters);
    if (!finite) {
      skip(reports.getLast(), "rounds");
      return;
    }
    for (int i = 0; i < reports.size(); i++) {
      report(reports.get(i), ShardedGradient.sum(results, i));
    }
  }

  private Round round(int batches, long steps) {
    int every = options.validateEvery();
    long most = Math.min(options.sharding().localSteps(), steps - run.step);
    most = every == 0 ? most : Math.min(most, every - run.step % every);
    var round = new Round(new ArrayList<>(), new ArrayList<>());
    while (round.steps.size() < most && run.nextBatch < batches) {
      Step step = take(batches);
      Loss size = sharded.loss(step, 0);
      double rate = rate(steps, size);
      round.steps.add(new OwnStep(step, rate));
      round.sizes.add(new StepReport(run.step, steps, run.epoch + 1, size.targets(), 0, 0, rate));
    }
    return round;
  }

  /** The norm is the mean of those of the shards, each of which is clipped by itself. */
  private StepReport report(StepReport size, List<Result> results, int step) {
    double norms = 0;
    for (Result result : results) {
      norms += result.norms()[step];
    }
    return new StepReport(
        size.step(),
        size.steps(),
        size.epoch(),
        size.tokens(),
        ShardedGradient.sum(results, step) / size.tokens(),
        norms / results.size(),
        size.rate());
  }

  /** Parameters move by the mean of how far the shards moved them; moments are means. */
  private void average(Workers workers) {
    float count = options.shards();
    float[] parameters = run.parameters;
    workers.run(
        parameters.length,
        Updates.GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            parameters[i] += sums[i] / count;
          }
        });
    int at = parameters.length;
    for (float[] moment : moments.values()) {
      int first = at;
      workers.run(
          moment.length,
          Updates.GRAIN,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              moment[i] = sums[first + i] / count;
            }
          });
      at += moment.length;
    }
  }
}
