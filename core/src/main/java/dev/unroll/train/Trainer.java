package dev.unroll.train;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.CounterRandom.Purpose;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Workers;
import dev.unroll.model.Batch;
import dev.unroll.model.IdStream;
import dev.unroll.model.InputException;
import dev.unroll.model.LanguageNetwork;
import dev.unroll.model.LanguageNetwork.StepResult;
import dev.unroll.model.NetworkState;
import dev.unroll.model.StateFile;
import dev.unroll.train.TrainingListener.StepReport;
import dev.unroll.train.TrainingListener.ValidationReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The training loop: steps, validations, the best parameters kept. One run each. */
public final class Trainer {

  /** Steps in a row whose loss or gradient is not finite, after which training stops. */
  public static final int MAX_SKIPPED = 5;

  /** Random numbers of the batches whose gradients are added up for a step: behind all others. */
  private static final long MICRO = 1L << 40;

  /** Parameters that one thread updates at a time. */
  private static final int UPDATE_GRAIN = 4096;

  private final LanguageNetwork network;
  private final Training options;
  private final Workers workers;
  private final TrainingListener listener;
  private final RunState run;
  private final float[] gradients;
  private final LanguageNetwork.Weights weights;
  private final LanguageNetwork.Buffers buffers;

  /** Prepares a run that starts from the parameters that the seed gives. */
  public Trainer(
      LanguageNetwork network, Training options, Workers workers, TrainingListener listener) {
    this.network = network;
    this.options = options;
    this.workers = workers;
    this.listener = listener;
    float[] parameters = network.initialize(options.seed());
    var update = options.optimizer().newUpdate(parameters.length);
    weights = network.pack(parameters, workers);
    run = new RunState(parameters, update, network.startState(weights, 0));
    gradients = new float[parameters.length];
    buffers = network.newTrainingBuffers(options.checkpointSteps());
  }

  /**
   * How a run ended.
   *
   * @param parameters the best parameters
   * @param loss their mean loss on the validation part, in nats a token
   * @param steps steps made
   * @param skipped steps whose loss or gradient was not finite
   * @param stoppedEarly whether patience ended it
   */
  public record Outcome(
      float[] parameters, double loss, long steps, long skipped, boolean stoppedEarly) {}

  /**
   * Where a run is kept while it lasts.
   *
   * @param checkpoints the folder; a state that is there is taken up
   * @param identity what the run is made from, by name, so that no other run goes on from there
   */
  public record Keeping(Checkpoints checkpoints, Map<String, String> identity) {}

  /** Trains as {@link #run(IdStream, IdStream, Keeping)} does, and keeps no checkpoints. */
  public Outcome run(IdStream training, IdStream validation) {
    return run(training, validation, null);
  }

  /**
   * Trains on {@code training} and chooses by {@code validation}.
   *
   * @param keeping where checkpoints are kept, and the run goes on from; null for nowhere
   * @throws TrainingException if steps fail in a row; the best parameters so far went to the
   *     listener
   */
  public Outcome run(IdStream training, IdStream validation, @Nullable Keeping keeping) {
    Batches batches = Batches.forTraining(training, options);
    var evaluator = new Evaluator(network, Batches.forValidation(validation, options));
    if (keeping != null) {
      keeping.checkpoints().latest(keeping.identity()).ifPresent(this::resume);
    }
    long steps = 0;
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      steps += stepsOf(batches.count(epoch));
    }
    for (; run.epoch < options.epochs(); run.epoch++) {
      int count = batches.count(run.epoch);
      while (run.nextBatch < count) {
        step(next(batches, count), steps);
        if (validationDue(run.nextBatch == count) && validate(evaluator)) {
          return outcome(true);
        }
        if (keeping != null && keeping.checkpoints().due(run.step)) {
          keep(keeping);
        }
      }
      run.nextBatch = 0;
    }
    return outcome(false);
  }

  /** Makes up to {@code steps} steps and validates nothing, until {@code enough} says so. */
  void rehearse(IdStream training, long steps, BooleanSupplier enough) {
    Batches batches = Batches.forTraining(training, options);
    for (; run.step < steps; run.epoch++) {
      int count = batches.count(run.epoch);
      while (run.nextBatch < count && run.step < steps) {
        step(next(batches, count), steps);
        if (enough.getAsBoolean()) {
          return;
        }
      }
      run.nextBatch = 0;
    }
  }

  private void resume(StateFile state) {
    run.restore(state);
    listener.onResumed(run.step);
  }

  /** A checkpoint that cannot be written is told, and training goes on: nothing is lost yet. */
  private void keep(Keeping keeping) {
    listener.beforeCheckpoint(run.step);
    try {
      keeping.checkpoints().write(run.step, keeping.identity(), run.toFile());
      listener.onCheckpoint(run.step);
    } catch (InputException e) {
      listener.onWriteFailed(e);
    }
  }

  private long stepsOf(long batches) {
    return (batches + options.accumulate() - 1) / options.accumulate();
  }

  /** Takes the batches of the next step. */
  private List<Batch> next(Batches batches, int count) {
    var some = new ArrayList<Batch>();
    while (some.size() < options.accumulate() && run.nextBatch < count) {
      some.add(batches.batch(run.epoch, run.nextBatch++));
    }
    return some;
  }

  private boolean validationDue(boolean endOfEpoch) {
    boolean last = endOfEpoch && run.epoch == options.epochs() - 1;
    int every = options.validateEvery();
    return last || (every == 0 ? endOfEpoch : run.step % every == 0);
  }

  /** One training step, from the top: pack, forward, loss, backward, clip, update. */
  private void step(List<Batch> batches, long steps) {
    run.step++;
    boolean noisy = !network.description().dropouts().none();
    CounterRandom noise =
        noisy ? CounterRandom.of(options.seed(), Purpose.DROPOUT, run.step) : null;
    network.repackForTraining(weights, run.parameters, noise, workers);
    workers.run(gradients.length, UPDATE_GRAIN, (from, to) -> Arrays.fill(gradients, from, to, 0f));
    int tokens = batches.stream().mapToInt(batch -> batch.steps().rows()).sum();
    double loss = 0;
    NetworkState end = run.carried;
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      NetworkState start =
          batch.continues() ? end : network.startState(weights, batch.steps().batch());
      CounterRandom own = noise == null || batches.size() == 1 ? noise : noise.part(MICRO + i);
      var pass = new LanguageNetwork.Pass(own, options.objective(), tokens);
      StepResult result =
          network.lossAndGradient(weights, batch, start, pass, buffers, gradients, workers);
      loss += result.loss();
      end = result.end();
    }
    network.dropGradients(weights, gradients, noise, workers);
    clipValues();
    double norm = Reductions.norm(gradients, workers);
    double rate = rate(batches, steps);
    var report = new StepReport(run.step, steps, run.epoch + 1, tokens, loss / tokens, norm, rate);
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      skip(report, batches.getLast());
      return;
    }
    run.carried = end;
    run.skippedInRow = 0;
    run.lossSum += loss;
    run.lossTokens += tokens;
    apply(norm, rate);
    listener.onStep(report);
  }

  private void apply(double norm, double rate) {
    run.applied++;
    double bound = options.clipNorm();
    float scale = bound > 0 && norm > bound ? (float) (bound / norm) : 1f;
    float decay = (float) options.weightDecay().value();
    boolean coupled = decay > 0 && !options.weightDecay().decoupled();
    var next = new Optimizer.Step(run.applied, rate, coupled ? 1f : scale);
    float shrink = (float) (1 - rate * decay);
    boolean averaging = run.averaged > 0;
    run.averaged += averaging ? 1 : 0;
    float share = (float) (1.0 / Math.max(1, run.averaged));
    float[] parameters = run.parameters;
    float[] average = run.average;
    workers.run(
        parameters.length,
        UPDATE_GRAIN,
        (from, to) -> {
          for (int i = from; coupled && i < to; i++) {
            gradients[i] = Math.fma(decay, parameters[i], scale * gradients[i]);
          }
          for (int i = from; decay > 0 && !coupled && i < to; i++) {
            parameters[i] *= shrink;
          }
          run.update.apply(parameters, gradients, next, from, to);
          for (int i = from; averaging && i < to; i++) {
            average[i] = Math.fma(share, parameters[i] - average[i], average[i]);
          }
        });
  }

  /** Each element first, so that the norm is that of what is left; a NaN stays one. */
  private void clipValues() {
    float limit = (float) options.clipValue();
    if (limit > 0) {
      workers.run(
          gradients.length,
          UPDATE_GRAIN,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              gradients[i] = Math.max(-limit, Math.min(limit, gradients[i]));
            }
          });
    }
  }

  /** Where lengths are drawn, a short stretch takes a small step, as its gradient is one of few. */
  private double rate(List<Batch> batches, long steps) {
    var now = new Schedule.Moment(run.step, steps, run.epoch + 1, run.plateaus);
    int warmup = options.warmupSteps();
    double rise = run.step < warmup ? (double) run.step / warmup : 1;
    double rate = options.optimizer().rate() * options.schedule().factor(now) * rise;
    if (!options.randomSteps()) {
      return rate;
    }
    int length = batches.stream().mapToInt(batch -> batch.steps().length()).sum();
    return rate * length / (options.steps() * (double) batches.size());
  }

  /** Nothing is applied, and the next batch starts from a state that is surely finite. */
  private void skip(StepReport report, Batch batch) {
    run.skipped++;
    run.skippedInRow++;
    run.carried = network.startState(weights, batch.steps().batch());
    listener.onSkipped(report);
    if (run.skippedInRow >= MAX_SKIPPED) {
      throw diverged(
          "the loss or gradient of %d steps in a row, up to step %,d, was not finite (norm %s)"
              .formatted(MAX_SKIPPED, report.step(), report.gradientNorm()));
    }
  }

  private TrainingException diverged(String what) {
    boolean none = run.bestLoss == Double.POSITIVE_INFINITY;
    return new TrainingException(
        "training diverged: " + what,
        "Lower the learning rate (now %s) or clip the gradient; %s"
            .formatted(
                options.optimizer().rate(),
                none ? "there is no good model yet." : "the best model so far is kept."),
        none ? null : run.best);
  }

  /** Returns whether patience is at its end. */
  private boolean validate(Evaluator evaluator) {
    network.repack(weights, run.judged(), workers);
    double loss = evaluator.meanLoss(weights, workers);
    boolean improved = loss < run.bestLoss;
    double trainingLoss = run.lossTokens == 0 ? Double.NaN : run.lossSum / run.lossTokens;
    var report = new ValidationReport(run.step, run.epoch + 1, trainingLoss, loss, improved);
    run.lossSum = 0;
    run.lossTokens = 0;
    if (improved) {
      run.bestLoss = loss;
      run.best = run.judged().clone();
      run.sinceBest = 0;
      run.sinceDecay = 0;
      listener.onImproved(run.best, report);
    } else {
      run.sinceBest++;
      run.sinceDecay++;
    }
    listener.onValidation(report);
    if (options.schedule() instanceof Schedule.Plateau plateau
        && run.sinceDecay >= plateau.patience()) {
      run.plateaus++;
      run.sinceDecay = 0;
    }
    averageIfStuck(loss);
    boolean waiting = options.averageAfter() > 0 && run.averaged == 0;
    return !waiting && options.patience() > 0 && run.sinceBest >= options.patience();
  }

  /** The non-monotonic trigger of Merity et al. (2018). */
  private void averageIfStuck(double loss) {
    int after = options.averageAfter();
    int older = run.validations.size() - after;
    if (after > 0 && run.averaged == 0 && older > 0) {
      double best = run.validations.subList(0, older).stream().mapToDouble(v -> v).min().orElse(0);
      if (loss > best) {
        run.average = run.parameters.clone();
        run.averaged = 1;
        run.sinceBest = 0; // the mean has its own chance
        listener.onAveraging(run.step);
      }
    }
    run.validations.add(loss);
  }

  private Outcome outcome(boolean early) {
    if (run.bestLoss == Double.POSITIVE_INFINITY) {
      throw diverged("the validation loss was never finite");
    }
    return new Outcome(run.best, run.bestLoss, run.step, run.skipped, early);
  }
}
