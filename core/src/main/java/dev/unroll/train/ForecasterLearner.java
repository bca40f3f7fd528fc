package dev.unroll.train;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.model.SignalBatch;
import dev.unroll.model.SignalNetwork;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network that forecasts: the loss is the mean of that of all numbers in the horizon, in
 * standardised units. Where forecasts are read in turn, training reads the true numbers instead
 * (teacher forcing).
 */
public final class ForecasterLearner implements Learner {

  /** Sequences that are measured side by side. */
  private static final int TOGETHER = 64;

  private final SignalNetwork network;
  private final ForecastWindows training;
  private final ForecastWindows validation;
  private final BatchOrder order;
  private final SignalNetwork.Weights weights;
  private final SignalNetwork.Buffers space;

  /**
   * Prepares to train {@code network} on some windows and to choose by others.
   *
   * @param options the course of the run; those of streams are not used
   */
  public ForecasterLearner(
      SignalNetwork network,
      ForecastWindows training,
      ForecastWindows validation,
      Training options) {
    this.network = network;
    this.training = training;
    this.validation = validation;
    order = BatchOrder.shuffled(training.size(), i -> 0, options.batch(), options.seed());
    weights = network.newWeights(Precision.FLOAT32);
    space = network.newBuffers(true);
  }

  @Override
  public float[] initialize(long seed) {
    return network.initialize(seed);
  }

  @Override
  public int batches(int epoch) {
    return order.batches();
  }

  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    boolean drops = !network.description().network().dropouts().none();
    CounterRandom noise = drops ? step.random() : null;
    network.packForTraining(parameters, weights, noise, workers);
    int count = 0;
    for (int i = step.from(); i < step.to(); i++) {
      count += order.batch(step.epoch(), i).length * training.numbers();
    }
    float scale = 1f / count;
    double loss = 0;
    for (int i = step.from(); i < step.to(); i++) {
      int[] chosen = order.batch(step.epoch(), i);
      SignalBatch batch = training.batch(chosen);
      CounterRandom own = noise == null ? null : step.random(i - step.from());
      loss +=
          network.lossAndGradient(
              weights,
              batch,
              outputs -> loss(training, chosen, batch, outputs, scale, workers),
              own,
              space,
              gradients,
              workers);
    }
    network.dropGradients(weights, gradients, noise, workers);
    return new Loss(loss, count);
  }

  /** Each sequence has a thread; the sums are added in their order. */
  private static double loss(
      ForecastWindows windows,
      int[] chosen,
      SignalBatch batch,
      Matrix outputs,
      float scale,
      Workers workers) {
    double[] losses = new double[chosen.length];
    workers.run(
        chosen.length,
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            losses[s] = windows.replaceByGradient(chosen[s], s, outputs, batch.steps(), scale);
          }
        });
    double sum = 0;
    for (double each : losses) {
      sum += each;
    }
    return sum;
  }

  @Override
  public void settle(boolean applied) {
    // no window goes on where another ended
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.packForward(parameters, weights, workers);
    double sum = 0;
    var buffers = network.newBuffers(false);
    for (int from = 0; from < validation.size(); from += TOGETHER) {
      int[] chosen = IntStream.range(from, Math.min(validation.size(), from + TOGETHER)).toArray();
      SignalBatch batch = validation.batch(chosen);
      Matrix outputs = network.outputs(weights, batch, buffers, workers);
      sum += loss(validation, chosen, batch, outputs, 1, workers);
    }
    return new Validation(sum / validation.size() / validation.numbers(), null);
  }

  @Override
  public Map<String, float[]> carried() {
    return Map.of();
  }

  @Override
  public void restore(Map<String, float[]> carried) {
    // nothing is carried
  }
}
