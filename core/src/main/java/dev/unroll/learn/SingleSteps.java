package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener.StepReport;
import java.util.List;

/** Steps of one optimizer, each with the gradient of all its batches. */
final class SingleSteps extends Steps {

  private final StepGradient gradient;
  private final Updates updates;

  SingleSteps(
      RunState run,
      Learner learner,
      StepGradient gradient,
      Training options,
      GuardedListener listener) {
    super(run, learner, options, listener);
    this.gradient = gradient;
    var rates = new LayerRates(options.layerRates(), learner.slices());
    updates = new Updates(run.parameters, run.update, options, rates, 1);
  }

  /** One training step, from the top: batches, losses with gradients, clipping, update. */
  @Override
  void next(int batches, long steps, Workers workers) {
    Learner.Step step = take(batches);
    updates.begin(updates.mayWait() ? learner.rows(step) : List.of(), workers);
    Learner.Loss loss =
        gradient.lossAndGradient(run.parameters, step, updates.gradients(), workers);
    double norm = updates.clippedNorm(run.epoch, workers);
    double rate = rate(steps, loss);
    var report =
        new StepReport(run.step, steps, run.epoch + 1, loss.targets(), loss.mean(), norm, rate);
    boolean finite = Double.isFinite(loss.sum()) && Double.isFinite(norm);
    gradient.settle(finite);
    learner.settle(finite, run.parameters);
    if (!finite) {
      skip(report, "steps");
      return;
    }
    run.applied++;
    updates.apply(new Updates.Now(run.applied, run.epoch, rate, norm), workers);
    run.average(workers);
    report(report, loss.sum());
  }

  @Override
  void catchUp(Workers workers) {
    updates.catchUp(workers);
  }

  @Override
  boolean isWhole() {
    return gradient.isWhole();
  }
}
