package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Reductions;
import dev.unroll.store.StateFile;
import dev.unroll.train.Schedule;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingException;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.TrainingListener.ValidationReport;
import dev.unroll.train.Validation;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The training loop: steps, validations, the best parameters kept. One run each. */
public final class Trainer {

  /** What the identity of a run calls its number of epochs. */
  private static final String EPOCHS = "epochs";

  private final Learner learner;
  private final Training options;
  private final Workers workers;
  private final GuardedListener listener;
  private final RunState run;
  private final Steps steps;

  /** Prepares a run that starts from the parameters that the seed determines. */
  public Trainer(Learner learner, Training options, Workers workers, TrainingListener listener) {
    this(learner, null, options, workers, listener);
  }

  /**
   * Prepares the same run, whose shards are computed elsewhere.
   *
   * @param elsewhere where they are computed; null for here
   */
  public Trainer(
      Learner learner,
      @Nullable Shards elsewhere,
      Training options,
      Workers workers,
      TrainingListener listener) {
    options.sharding().check(options.batch());
    this.learner = learner;
    this.options = options;
    this.workers = workers;
    this.listener = new GuardedListener(listener);
    float[] parameters = learner.initialize(options.seed());
    if (options.start() != null) {
      options.start().copyTo(learner.slices(), parameters);
    }
    run = new RunState(parameters, options.optimizer().newUpdate(parameters.length));
    steps = steps(elsewhere);
  }

  private Steps steps(@Nullable Shards elsewhere) {
    if (options.shards() == 1) {
      return new SingleSteps(run, learner, learner::lossAndGradient, options, listener);
    }
    if (!(learner instanceof ShardedLearner sharded)) {
      throw new IllegalArgumentException(learner.getClass() + " has no shards");
    }
    Shards shards = elsewhere == null ? new LocalShards(sharded, options) : elsewhere;
    if (options.sharding().localSteps() > 0) {
      return new LocalRounds(run, sharded, shards, options, listener);
    }
    var gradient = new ShardedGradient(sharded, shards, options);
    return new SingleSteps(run, learner, gradient, options, listener);
  }

  /**
   * How a run ended.
   *
   * @param parameters the best parameters
   * @param loss their mean loss per target on the validation part
   * @param steps steps made
   * @param skipped steps, or rounds of local steps, whose loss or gradient was not finite
   * @param stoppedEarly whether patience ended it
   */
  public record Outcome(
      float[] parameters, double loss, long steps, long skipped, boolean stoppedEarly) {}

  /**
   * Where a run is kept while it lasts.
   *
   * @param checkpoints the folder; a state that is there is taken up
   * @param identity what the run depends on, by name, so that no other run resumes from there
   */
  public record Checkpointing(Checkpoints checkpoints, Map<String, String> identity) {}

  /** Trains as {@link #run(Checkpointing)} does, and keeps no checkpoints. */
  public Outcome run() {
    return run(null);
  }

  /**
   * Trains for all epochs, or until patience runs out.
   *
   * @param keeping where checkpoints are kept and the run resumes from; null for nowhere
   * @throws InputException if no epoch has a batch, or what is kept cannot be resumed from
   * @throws TrainingException if steps fail in a row; the best parameters so far went to the
   *     listener
   * @throws TrainingInterruptedException if the thread is interrupted before the last step, or the
   *     listener fails or asks for it: at the end of the step at work, or of the round of local
   *     steps, or where nothing is left over of rounded gradients; and after a checkpoint
   */
  public Outcome run(@Nullable Checkpointing keeping) {
    if (keeping != null) {
      resume(keeping);
    }
    long all = 0;
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      all += stepsOf(learner.batches(epoch));
    }
    if (all == 0) {
      throw nothing();
    }
    for (; run.epoch < options.epochs(); run.epoch++) {
      int count = learner.batches(run.epoch);
      while (run.nextBatch < count) {
        steps.next(count, all, workers);
        if (validationDue(run.nextBatch == count) && validate()) {
          return outcome(true);
        }
        boolean last = run.nextBatch == count && run.epoch == options.epochs() - 1;
        boolean whole = steps.isWhole(); // else the next steps come first
        boolean stop = !last && whole && stops();
        boolean due = whole && keeping != null && keeping.checkpoints().due(run.step);
        boolean kept = keeping != null && (stop || due) && keep(keeping);
        if (stop) {
          throw interrupted(kept);
        }
      }
      run.nextBatch = 0;
    }
    return outcome(false);
  }

  /**
   * Runs up to {@code all} steps without validation, until {@code enough} returns true.
   *
   * @throws InputException if an epoch has no batch
   */
  void rehearse(long all, BooleanSupplier enough) {
    for (; run.step < all; run.epoch++) {
      int count = learner.batches(run.epoch);
      if (count == 0) {
        throw nothing();
      }
      while (run.nextBatch < count && run.step < all) {
        steps.next(count, all, workers);
        if (enough.getAsBoolean()) {
          return;
        }
        if (stops()) {
          throw interrupted(false);
        }
      }
      run.nextBatch = 0;
    }
  }

  private static InputException nothing() {
    return new InputException("there is no batch to learn from", "Give more data.");
  }

  private boolean stops() {
    return Thread.currentThread().isInterrupted() || listener.stops();
  }

  private void resume(Checkpointing keeping) {
    var changeable = new Checkpoints.Changeable(EPOCHS, whyEpochsStay());
    Optional<Checkpoints.Latest> latest =
        keeping.checkpoints().latest(keeping.identity(), changeable);
    if (latest.isEmpty()) {
      return;
    }
    InputException passedOver = latest.get().passedOver();
    if (passedOver != null) {
      listener.onPassedOver(passedOver);
    }
    StateFile state = latest.get().state();
    String epochs = Checkpoints.identity(state, EPOCHS);
    boolean sameEpochs = epochs.equals(keeping.identity().getOrDefault(EPOCHS, epochs));
    try {
      Map<String, float[]> carried = run.restore(state, learner.carried().keySet());
      if (!sameEpochs && run.epoch >= options.epochs()) {
        throw new InputException(
            String.format(
                Locale.ROOT, "its run is in epoch %d already, of %s", run.epoch + 1, epochs),
            String.format(Locale.ROOT, "Resume with {epochs %d} or more.", run.epoch + 1));
      }
      if (run.epoch >= options.epochs() || run.nextBatch > learner.batches(run.epoch)) {
        throw RunState.strange(
            String.format(
                Locale.ROOT, "epoch %d, batch %d is beyond its end", run.epoch, run.nextBatch));
      }
      restore(carried);
    } catch (InputException e) {
      throw InputException.in(keeping.checkpoints().name(), e.problem(), e.fix());
    }
    listener.onResumed(run.step);
    boolean atEnd =
        run.epoch == options.epochs() - 1 && run.nextBatch == learner.batches(run.epoch);
    if (!sameEpochs && atEnd && !validatedAtEndOfEpoch()) {
      validate(); // the last step of a run is always validated, and was not the last one then
    }
  }

  private boolean validatedAtEndOfEpoch() {
    int every = options.validateEvery();
    return every == 0 || run.step % every == 0;
  }

  /** Returns why a run cannot resume with other epochs; empty where it can, to the same bits. */
  private String whyEpochsStay() {
    String reason =
        options.schedule().needsEnd()
            ? "The learning rate follows a schedule over all epochs"
            : learner.needsEnd() ? "What a step learns from changes over all epochs" : "";
    return reason.isEmpty()
        ? ""
        : reason
            + ": resume with as many as the run began with, or train its best model further with"
            + " {from}.";
  }

  private void restore(Map<String, float[]> carried) {
    try {
      learner.restore(carried);
    } catch (IllegalArgumentException e) {
      throw RunState.strange("its " + e.getMessage());
    }
  }

  /**
   * A checkpoint that cannot be written is reported, and training continues: nothing is lost yet.
   *
   * @return whether it was written
   */
  private boolean keep(Checkpointing keeping) {
    steps.catchUp(workers);
    if (!Reductions.areFinite(run.parameters, 0, run.parameters.length)) {
      return false; // no run resumes from there; the next validation or steps end it
    }
    listener.beforeCheckpoint(run.step);
    try {
      keeping.checkpoints().write(run.step, keeping.identity(), run.toFile(learner.carried()));
      listener.onCheckpoint(run.step);
      return true;
    } catch (InputException e) {
      listener.onWriteFailed(e);
      return false;
    }
  }

  private TrainingInterruptedException interrupted(boolean kept) {
    float[] best = run.hasBest() ? run.best : null;
    var reached = new TrainingInterruptedException.Reached(run.step, best, run.bestLoss);
    return TrainingInterruptedException.after(reached, kept, listener.failure());
  }

  private long stepsOf(long batches) {
    return (batches + options.accumulate() - 1) / options.accumulate();
  }

  private boolean validationDue(boolean endOfEpoch) {
    boolean last = endOfEpoch && run.epoch == options.epochs() - 1;
    int every = options.validateEvery();
    return last || (every == 0 ? endOfEpoch : run.step % every == 0);
  }

  /** Returns whether patience ran out. */
  private boolean validate() {
    steps.catchUp(workers);
    if (!Reductions.areFinite(run.judged(), 0, run.judged().length)) {
      throw steps.diverged(
          String.format(
              Locale.ROOT, "after step %,d a parameter is not a finite number", run.step));
    }
    Validation found = learner.validate(run.judged(), workers);
    boolean improved = run.improves(found);
    boolean progress = improved || found.criterion() < run.topCriterion;
    double trainingLoss = run.lossTargets == 0 ? Double.NaN : run.lossSum / run.lossTargets;
    var report = new ValidationReport(run.step, run.epoch + 1, trainingLoss, found, improved);
    run.lossSum = 0;
    run.lossTargets = 0;
    if (improved) {
      run.keep(found);
      listener.onImproved(run.best, report);
    }
    run.count(progress, found.criterion());
    listener.onValidation(report);
    if (options.schedule() instanceof Schedule.Plateau plateau
        && run.sinceDecay >= plateau.patience()) {
      run.plateaus++;
      run.sinceDecay = 0;
    }
    averageIfStuck(found.criterion());
    boolean waiting = options.averageAfter() > 0 && run.averaged == 0;
    return !waiting && options.patience() > 0 && run.sinceBest >= options.patience();
  }

  /** The non-monotonic trigger of Merity et al. (2018). */
  private void averageIfStuck(double criterion) {
    int after = options.averageAfter();
    int older = run.validations.size() - after;
    if (after > 0 && run.averaged == 0 && older > 0) {
      double best = Double.POSITIVE_INFINITY;
      for (double old : run.validations.subList(0, older)) {
        best = old < best ? old : best; // NaN is never the best
      }
      if (criterion > best) {
        run.average = run.parameters.clone();
        run.averaged = 1;
        run.sinceBest = 0; // the mean has its own chance
        listener.onAveraging(run.step);
      }
    }
    run.validations.add(criterion);
  }

  private Outcome outcome(boolean early) {
    if (!run.hasBest()) {
      throw steps.diverged("the validation loss was never finite");
    }
    return new Outcome(run.best, run.bestLoss, run.step, run.skipped, early);
  }
}
