package dev.unroll.result;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was forecast from one origin, while it is computed, in the units of the series.
 *
 * @param points the best single guess, [horizon][targets]
 * @param levels levels of the quantiles that were asked for
 * @param quantiles of each level, [levels][horizon][targets]
 */
public record ForecastNumbers(double[][] points, List<Double> levels, double[][][] quantiles) {

  public ForecastNumbers(int horizon, int targets, List<Double> levels) {
    this(new double[horizon][targets], levels, new double[levels.size()][horizon][targets]);
  }

  /** Returns whether all numbers are finite. */
  public boolean isFinite() {
    return Stream.concat(Arrays.stream(points), Arrays.stream(quantiles).flatMap(Arrays::stream))
        .flatMapToDouble(Arrays::stream)
        .allMatch(Double::isFinite);
  }
}
