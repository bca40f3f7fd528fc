package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.learn.Learner.Loss;
import dev.unroll.train.Schedule;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingException;
import dev.unroll.train.TrainingListener.StepReport;
import java.util.Locale;

/** Makes the steps of a run, up to the next point at which it may be validated or stopped. */
abstract class Steps {

  /** Steps or rounds in a row, not finite in loss or gradient, after which training stops. */
  static final int MAX_SKIPPED = 5;

  final RunState run;
  final Learner learner;
  final Training options;
  final GuardedListener listener;

  Steps(RunState run, Learner learner, Training options, GuardedListener listener) {
    this.run = run;
    this.learner = learner;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Makes the next step, or those that are made together.
   *
   * @param batches number of batches of the epoch
   * @param steps number of steps of the run
   */
  abstract void next(int batches, long steps, Workers workers);

  /** Brings all parameters up to date, before they are read. */
  void catchUp(Workers workers) {}

  /** Returns whether the run can be kept here: it is nothing but what {@link RunState} holds. */
  boolean isWhole() {
    return true;
  }

  /** Takes the batches of the next step. */
  final Learner.Step take(int batches) {
    run.step++;
    int from = run.nextBatch;
    run.nextBatch = Math.min(batches, from + options.accumulate());
    return Learner.Step.of(options.seed(), run.step, run.epoch, from, run.nextBatch);
  }

  /** Returns the learning rate of the step that was taken. */
  final double rate(long steps, Loss size) {
    var now = new Schedule.Moment(run.step, steps, run.epoch + 1, run.plateaus);
    int warmup = options.warmupSteps();
    double rise = run.step < warmup ? (double) run.step / warmup : 1;
    double rate = options.optimizer().rate() * options.schedule().factor(now) * rise;
    return rate * size.length() / size.usualLength();
  }

  /** Reports a step whose gradient was applied. */
  final void report(StepReport report, double lossSum) {
    run.skippedInRow = 0;
    run.lossSum += lossSum;
    run.lossTargets += report.tokens();
    listener.onStep(report);
  }

  /**
   * Reports that nothing was applied.
   *
   * @param what what is skipped, in the plural
   */
  final void skip(StepReport report, String what) {
    run.skipped++;
    run.skippedInRow++;
    listener.onSkipped(report);
    if (run.skippedInRow >= MAX_SKIPPED) {
      throw diverged(
          String.format(
              Locale.ROOT,
              "the loss or gradient of %d %s in a row, up to step %,d, was not finite (norm %s)",
              MAX_SKIPPED,
              what,
              report.step(),
              report.gradientNorm()));
    }
  }

  /** Returns what ends a run that has come to nothing. */
  final TrainingException diverged(String what) {
    return new TrainingException(
        "training diverged: " + what,
        String.format(
            Locale.ROOT,
            "Lower the learning rate (now %s) or clip the gradient; %s",
            options.optimizer().rate(),
            run.hasBest() ? "the best model so far is kept." : "there is no good model yet."),
        run.hasBest() ? run.best : null);
  }
}
