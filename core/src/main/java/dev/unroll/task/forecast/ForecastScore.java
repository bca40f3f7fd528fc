package dev.unroll.task.forecast;

import dev.unroll.data.Series;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * How good forecasts from many origins of a series are (back-testing): each is made from what was
 * known at its origin, by the same model.
 */
public final class ForecastScore {

  /** Forecasts that are held at a time. */
  private static final int TOGETHER = 256;

  private final Forecaster model;
  private final boolean interval;
  private final Sums[][] own;
  private final Sums[][] naive;
  private final Sums[][] last;
  private long origins;

  /** Sums over the origins, of one row of the horizon and one target. */
  private static final class Sums {
    private double absolute;
    private double squared;
    private double symmetric;
    private long covered;
    private double width;
  }

  /**
   * What was measured, of some rows of the horizon and some targets.
   *
   * @param mae mean absolute error, in the units of the series
   * @param rmse square root of the mean squared error, in these units
   * @param smape symmetric mean absolute percentage error: the mean of 200 |e| / (|y| + |f|)
   * @param mase mean absolute error in units of the one that the seasonal-naive forecast of one
   *     season makes on the training part (Hyndman and Koehler 2006); NaN where that makes none
   * @param standardized mean squared error of standardized numbers
   * @param coverage share of the numbers that lie in their interval; NaN where there is none
   * @param width mean width of the intervals, in the units of the series
   */
  public record Measures(
      double mae,
      double rmse,
      double smape,
      double mase,
      double standardized,
      double coverage,
      double width) {}

  private ForecastScore(Forecaster model, boolean interval) {
    this.model = model;
    this.interval = interval;
    int horizon = model.forecasting().window().horizon();
    int targets = model.forecasting().targets().size();
    own = sums(horizon, targets);
    naive = sums(horizon, targets);
    last = sums(horizon, targets);
  }

  private static Sums[][] sums(int horizon, int targets) {
    var sums = new Sums[horizon][targets];
    for (Sums[] row : sums) {
      Arrays.setAll(row, i -> new Sums());
    }
    return sums;
  }

  /**
   * Measures a model on a series.
   *
   * @param first the first row that is forecast; the rows before it are only read
   * @param stride rows between two origins
   * @param levels the ends of an interval, or nothing
   * @throws InputException if there is no origin
   */
  public static ForecastScore of(
      Forecaster model,
      Series series,
      int first,
      int stride,
      List<Double> levels,
      Workers workers) {
    ForecastSpec forecasting = model.forecasting();
    Series own = series.select(forecasting.columns());
    int least = Math.max(forecasting.window().context(), model.season());
    int last = own.size() - forecasting.window().horizon();
    if (stride < 1) {
      throw new InputException("a stride of %,d rows".formatted(stride), "It is 1 or more.");
    }
    if (Math.max(first, least) > last) {
      throw new InputException(
          "%s: nothing can be measured on %,d rows, from row %,d on: a context of %,d (and a season of %,d before a forecast) and a horizon of %,d need more"
              .formatted(
                  series.name(),
                  own.size(),
                  first + 1,
                  forecasting.window().context(),
                  model.season(),
                  forecasting.window().horizon()),
          "Give a longer series, or begin earlier.");
    }
    var score = new ForecastScore(model, !levels.isEmpty());
    int begin = Math.max(first, least);
    int count = (last - begin) / stride + 1;
    for (int from = 0; from < count; from += TOGETHER) {
      int[] some = new int[Math.min(TOGETHER, count - from)];
      int base = from;
      Arrays.setAll(some, i -> begin + (base + i) * stride);
      var found = model.forecast(own, some, levels, workers);
      for (int i = 0; i < some.length; i++) {
        score.add(own, some[i], found.get(i));
      }
    }
    return score;
  }

  private void add(Series series, int origin, Forecast found) {
    origins++;
    for (int row = 0; row < own.length; row++) {
      for (int target = 0; target < own[row].length; target++) {
        double y = series.rows()[origin + row][target];
        if (!Double.isFinite(y)) {
          throw new InputException(
              "%s: row %,d has no number in column %s"
                  .formatted(series.name(), origin + row + 1, series.columns().get(target)),
              "Nothing can be measured there: fill it in, or leave the row out.");
        }
        add(own[row][target], y, found.points()[row][target]);
        double before = SeasonalNaive.forecast(series, origin, row, target, model.season());
        add(naive[row][target], y, before);
        add(last[row][target], y, series.rows()[origin - 1][target]);
        if (interval) {
          double low = found.quantiles()[0][row][target];
          double high = found.quantiles()[1][row][target];
          own[row][target].covered += y >= low && y <= high ? 1 : 0;
          own[row][target].width += high - low;
        }
      }
    }
  }

  private static void add(Sums sums, double y, double forecast) {
    double error = Math.abs(y - forecast);
    sums.absolute += error;
    sums.squared += error * error;
    double size = Math.abs(y) + Math.abs(forecast);
    sums.symmetric += size > 0 ? 200 * error / size : 0;
  }

  /** Returns the number of origins. */
  public long origins() {
    return origins;
  }

  /** Returns the measures of the rows from {@code from} up to {@code to} of all targets. */
  public Measures measures(int from, int to) {
    return measures(own, from, to, 0, own[0].length, interval);
  }

  /** Returns the same of the seasonal-naive forecast. */
  public Measures naive(int from, int to) {
    return measures(naive, from, to, 0, own[0].length, false);
  }

  /** Returns the same of the forecast that repeats the last number before the origin. */
  public Measures last(int from, int to) {
    return measures(last, from, to, 0, own[0].length, false);
  }

  /** Returns the measures of the whole horizon of one target. */
  public Measures ofTarget(int target) {
    return measures(own, 0, own.length, target, target + 1, interval);
  }

  /** Returns the same of the seasonal-naive forecast. */
  public Measures naiveOfTarget(int target) {
    return measures(naive, 0, own.length, target, target + 1, false);
  }

  private Measures measures(
      Sums[][] all, int from, int to, int firstTarget, int endTarget, boolean intervals) {
    double count = (double) origins * (to - from) * (endTarget - firstTarget);
    double absolute = 0;
    double squared = 0;
    double symmetric = 0;
    double scaled = 0;
    double standardized = 0;
    double covered = 0;
    double width = 0;
    for (int row = from; row < to; row++) {
      for (int target = firstTarget; target < endTarget; target++) {
        Sums sums = all[row][target];
        double deviation = model.scaling().deviations().get(target);
        double unit = model.naiveErrors().get(target);
        absolute += sums.absolute;
        squared += sums.squared;
        symmetric += sums.symmetric;
        scaled += unit > 0 ? sums.absolute / unit : Double.NaN;
        standardized += sums.squared / deviation / deviation;
        covered += sums.covered;
        width += sums.width;
      }
    }
    return new Measures(
        absolute / count,
        Math.sqrt(squared / count),
        symmetric / count,
        scaled / count,
        standardized / count,
        intervals ? covered / count : Double.NaN,
        intervals ? width / count : Double.NaN);
  }
}
