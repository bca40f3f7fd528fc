package dev.unroll.task.forecast;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.BatchOrder;
import dev.unroll.batch.SignalBatch;
import dev.unroll.learn.SignalLearner;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.stream.IntStream;

/**
 * A network that forecasts: the loss is the mean of that of all numbers in the horizon, in
 * standardized units. Where forecasts are read in turn, training reads the true numbers instead
 * (teacher forcing).
 */
public final class ForecasterLearner extends SignalLearner {

  private final ForecastWindows training;
  private final ForecastWindows validation;

  /**
   * Prepares to train {@code network} on some windows and to choose by others.
   *
   * @param options the training options; those of streams are not used
   */
  public ForecasterLearner(
      SignalNetwork network,
      ForecastWindows training,
      ForecastWindows validation,
      Training options) {
    super(network, BatchOrder.shuffled(training.size(), i -> 0, options.batch(), options.seed()));
    this.training = training;
    this.validation = validation;
  }

  @Override
  protected SignalBatch batch(int[] chosen) {
    return training.batch(chosen);
  }

  @Override
  protected int targets(int[] chosen) {
    return Math.max(1, IntStream.of(chosen).map(training::known).sum());
  }

  @Override
  protected double lossAndGradient(Chosen chosen, Matrix outputs, float scale, Workers workers) {
    return loss(training, chosen, outputs, scale, workers);
  }

  /** Each sequence has a thread; the sums are added in their order. */
  private static double loss(
      ForecastWindows windows, Chosen chosen, Matrix outputs, float scale, Workers workers) {
    int[] numbers = chosen.numbers();
    var steps = chosen.batch().steps();
    double[] losses = new double[numbers.length];
    workers.run(
        numbers.length,
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            losses[s] = windows.replaceByGradient(numbers[s], s, outputs, steps, scale);
          }
        });
    double sum = 0;
    for (double each : losses) {
      sum += each;
    }
    return sum;
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
      sum += loss(validation, new Chosen(chosen, batch), outputs, 1, workers);
    }
    if (validation.forecasting().masked()) {
      long known = IntStream.range(0, validation.size()).mapToLong(validation::known).sum();
      return new Validation(sum / known, null);
    }
    return new Validation(sum / validation.size() / validation.numbers(), null);
  }
}
