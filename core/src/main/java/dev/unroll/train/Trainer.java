package dev.unroll.train;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Workers;
import dev.unroll.model.Batch;
import dev.unroll.model.IdStream;
import dev.unroll.model.LanguageNetwork;
import dev.unroll.model.LanguageNetwork.StepResult;
import dev.unroll.model.NetworkState;
import dev.unroll.train.TrainingListener.StepReport;
import dev.unroll.train.TrainingListener.ValidationReport;
import java.util.Arrays;

/** The training loop: steps, validations, the best parameters kept. One run each. */
public final class Trainer {

  /** Steps in a row whose loss or gradient is not finite, after which training stops. */
  public static final int MAX_SKIPPED = 5;

  /** Parameters that one thread updates at a time. */
  private static final int UPDATE_GRAIN = 4096;

  private final LanguageNetwork network;
  private final Training options;
  private final Workers workers;
  private final TrainingListener listener;
  private final float[] parameters;
  private final float[] gradients;
  private final Optimizer.Update update;
  private final LanguageNetwork.Weights weights;
  private final LanguageNetwork.Buffers buffers;
  private final boolean dropout;

  private NetworkState state;
  private long step;
  private long applied;
  private int skippedInRow;
  private long skipped;
  private double lossSum;
  private long lossTokens;
  private float[] best;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int sinceBest;
  private int sinceDecay;
  private int plateaus;

  /** Prepares a run that starts from the parameters that the seed gives. */
  public Trainer(
      LanguageNetwork network, Training options, Workers workers, TrainingListener listener) {
    this.network = network;
    this.options = options;
    this.workers = workers;
    this.listener = listener;
    parameters = network.initialize(options.seed());
    gradients = new float[parameters.length];
    best = parameters.clone();
    update = options.optimizer().newUpdate(parameters.length);
    weights = network.pack(parameters, workers);
    buffers = network.newTrainingBuffers(options.checkpointSteps());
    state = network.zeroState(0);
    var description = network.description();
    dropout =
        description.inputDropout() + description.layerDropout() + description.outputDropout() > 0;
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
   * Trains on {@code training} and chooses by {@code validation}.
   *
   * @throws TrainingException if steps fail in a row; the best parameters so far went to the
   *     listener
   */
  public Outcome run(IdStream training, IdStream validation) {
    Batches batches = Batches.forTraining(training, options);
    var evaluator = new Evaluator(network, Batches.forValidation(validation, options));
    long steps = (long) batches.count() * options.epochs();
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      for (int i = 0; i < batches.count(); i++) {
        step(batches.batch(epoch, i), epoch, steps);
        boolean last = i == batches.count() - 1;
        boolean due = options.validateEvery() == 0 ? last : step % options.validateEvery() == 0;
        if ((due || (last && epoch == options.epochs() - 1)) && validate(evaluator, epoch)) {
          return outcome(true);
        }
      }
    }
    return outcome(false);
  }

  /** One training step, from the top: pack, forward, loss, backward, clip, update. */
  private void step(Batch batch, int epoch, long steps) {
    step++;
    network.repack(weights, parameters, true, workers);
    workers.run(gradients.length, UPDATE_GRAIN, (from, to) -> Arrays.fill(gradients, from, to, 0f));
    NetworkState start = batch.continues() ? state : network.zeroState(batch.steps().batch());
    CounterRandom noise =
        dropout ? CounterRandom.of(options.seed(), CounterRandom.Purpose.DROPOUT, step) : null;
    StepResult result =
        network.lossAndGradient(weights, batch, start, noise, buffers, gradients, workers);
    clipValues();
    double norm = Reductions.norm(gradients, workers);
    double rate = rate(steps);
    int tokens = batch.steps().rows();
    var report = new StepReport(step, steps, epoch + 1, tokens, result.loss() / tokens, norm, rate);
    if (!Double.isFinite(result.loss()) || !Double.isFinite(norm)) {
      skip(report, batch);
      return;
    }
    state = result.end();
    skippedInRow = 0;
    lossSum += result.loss();
    lossTokens += tokens;
    apply(norm, rate);
    listener.onStep(report);
  }

  private void apply(double norm, double rate) {
    applied++;
    double bound = options.clipNorm();
    float scale = bound > 0 && norm > bound ? (float) (bound / norm) : 1f;
    var next = new Optimizer.Step(applied, rate, scale);
    workers.run(
        parameters.length,
        UPDATE_GRAIN,
        (from, to) -> update.apply(parameters, gradients, next, from, to));
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

  private double rate(long steps) {
    double factor = options.schedule().factor(step, steps, plateaus);
    int warmup = options.warmupSteps();
    double rise = step < warmup ? (double) step / warmup : 1;
    return options.optimizer().rate() * factor * rise;
  }

  /** Nothing is applied, and the next batch starts from a state that is surely finite. */
  private void skip(StepReport report, Batch batch) {
    skipped++;
    skippedInRow++;
    state = network.zeroState(batch.steps().batch());
    listener.onSkipped(report);
    if (skippedInRow >= MAX_SKIPPED) {
      throw diverged(
          "the loss or gradient of %d steps in a row, up to step %,d, was not finite (norm %s)"
              .formatted(MAX_SKIPPED, report.step(), report.gradientNorm()));
    }
  }

  private TrainingException diverged(String what) {
    boolean none = bestLoss == Double.POSITIVE_INFINITY;
    return new TrainingException(
        "training diverged: " + what,
        "Lower the learning rate (now %s) or clip the gradient; %s"
            .formatted(
                options.optimizer().rate(),
                none ? "there is no good model yet." : "the best model so far is kept."),
        none ? null : best);
  }

  /** Returns whether patience is at its end. */
  private boolean validate(Evaluator evaluator, int epoch) {
    network.repack(weights, parameters, false, workers);
    double loss = evaluator.meanLoss(weights, workers);
    boolean improved = loss < bestLoss;
    double trainingLoss = lossTokens == 0 ? Double.NaN : lossSum / lossTokens;
    var report = new ValidationReport(step, epoch + 1, trainingLoss, loss, improved);
    lossSum = 0;
    lossTokens = 0;
    if (improved) {
      bestLoss = loss;
      best = parameters.clone();
      sinceBest = 0;
      sinceDecay = 0;
      listener.onImproved(best, report);
      listener.onValidation(report);
      return false;
    }
    listener.onValidation(report);
    sinceBest++;
    sinceDecay++;
    if (options.schedule() instanceof Schedule.Plateau plateau
        && sinceDecay >= plateau.patience()) {
      plateaus++;
      sinceDecay = 0;
    }
    return options.patience() > 0 && sinceBest >= options.patience();
  }

  private Outcome outcome(boolean early) {
    if (bestLoss == Double.POSITIVE_INFINITY) {
      throw diverged("the validation loss was never finite");
    }
    return new Outcome(best, bestLoss, step, skipped, early);
  }
}
