package dev.unroll.task.forecast;

import java.util.List;

/**
 * What was forecast from one origin, in the units of the series.
 *
 * @param points the best single guess, [horizon][targets]
 * @param levels levels of the quantiles that were asked for
 * @param quantiles of each level, [levels][horizon][targets]
 */
public record Forecast(double[][] points, List<Double> levels, double[][][] quantiles) {

  Forecast(int horizon, int targets, List<Double> levels) {
    this(new double[horizon][targets], levels, new double[levels.size()][horizon][targets]);
  }
}
