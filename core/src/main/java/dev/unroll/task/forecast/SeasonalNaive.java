package dev.unroll.task.forecast;

import dev.unroll.data.Series;
import java.util.ArrayList;
import java.util.List;

/** The forecast that says what was a season before: what every other has to beat. */
public final class SeasonalNaive {

  /** A mean absolute error by which the errors of a forecast can still be divided. */
  static final double LEAST_ERROR = 1e-200;

  private SeasonalNaive() {}

  /** Returns the forecast of row {@code row} of the horizon that begins at {@code origin}. */
  public static double forecast(Series series, int origin, int row, int column, int season) {
    int before = origin + row - (row / season + 1) * season;
    while (before >= season && Double.isNaN(series.rows()[before][column])) {
      before -= season; // not known: the season before that
    }
    return series.rows()[before][column];
  }

  /** Returns the last number before a row that is known; NaN for none. */
  public static double last(Series series, int origin, int column) {
    int row = origin - 1;
    while (row > 0 && Double.isNaN(series.rows()[row][column])) {
      row--;
    }
    return series.rows()[row][column];
  }

  /**
   * Returns of each target the mean absolute difference of numbers that are a season apart; 0 where
   * it is too small to divide by.
   */
  public static List<Double> errors(List<Series> training, int targets, int season) {
    var errors = new ArrayList<Double>();
    for (int target = 0; target < targets; target++) {
      double sum = 0;
      long count = 0;
      for (Series each : training) {
        for (int row = season; row < each.size(); row++) {
          double error = Math.abs(each.rows()[row][target] - each.rows()[row - season][target]);
          if (!Double.isNaN(error)) {
            sum += error;
            count++;
          }
        }
      }
      double error = sum / Math.max(1, count);
      errors.add(error < LEAST_ERROR ? 0 : error);
    }
    return errors;
  }
}
