package dev.unroll.task.forecast;

import dev.unroll.data.Series;
import java.util.ArrayList;
import java.util.List;

/** The forecast that says what was a season before: what every other has to beat. */
final class SeasonalNaive {

  private SeasonalNaive() {}

  /** Returns the forecast of row {@code row} of the horizon that begins at {@code origin}. */
  static double forecast(Series series, int origin, int row, int column, int season) {
    int seasons = row / season + 1;
    return series.rows()[origin + row - seasons * season][column];
  }

  /** Returns of each target the mean absolute difference of numbers that are a season apart. */
  static List<Double> errors(List<Series> training, int targets, int season) {
    var errors = new ArrayList<Double>();
    for (int target = 0; target < targets; target++) {
      double sum = 0;
      long count = 0;
      for (Series each : training) {
        for (int row = season; row < each.size(); row++) {
          sum += Math.abs(each.rows()[row][target] - each.rows()[row - season][target]);
        }
        count += each.size() - season;
      }
      errors.add(sum / count);
    }
    return errors;
  }
}
