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
    double[] sum = {0};
    validate(
        parameters,
        workers,
        (chosen, outputs) -> sum[0] += loss(validation, chosen, outputs, 1, workers));
    if (validation.forecasting().masked()) {
      long known = IntStream.range(0, validation.size()).mapToLong(validation::known).sum();
      return new Validation(sum[0] / known, null);
    }
    return new Validation(sum[0] / validation.size() / validation.numbers(), null);
  }

  /** Sees the outputs of some validation windows. */
  @FunctionalInterface
  private interface Judge {
    void see(Chosen chosen, Matrix outputs);
  }

  private void validate(float[] parameters, Workers workers, Judge judge) {
    network.packForward(parameters, weights, workers);
    var buffers = network.newBuffers(false);
    for (int from = 0; from < validation.size(); from += TOGETHER) {
      int[] chosen = IntStream.range(from, Math.min(validation.size(), from + TOGETHER)).toArray();
      SignalBatch batch = validation.batch(chosen);
      Matrix outputs = network.outputs(weights, batch, buffers, workers);
      judge.see(new Chosen(chosen, batch), outputs);
    }
  }

  /**
   * Returns the sums of the absolute errors of the point forecasts of the validation part where the
   * outputs are shrunk to shares, in standardized numbers.
   */
  double[] absoluteErrors(float[] parameters, double[] shares, Workers workers) {
    double[] sums = new double[shares.length];
    validate(
        parameters,
        workers,
        (chosen, outputs) -> {
          for (int s = 0; s < chosen.numbers().length; s++) {
            validation.addErrors(
                chosen.numbers()[s], s, outputs, chosen.batch().steps(), shares, sums);
          }
        });
    return sums;
  }
}
