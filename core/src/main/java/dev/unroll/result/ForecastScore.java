package dev.unroll.result;

import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import java.util.Arrays;
import java.util.List;

/**
 * How good forecasts from many origins of a series are (backtesting), next to those of two
 * baselines: the number one season before, and the last number before the origin.
 */
public final class ForecastScore {

  private final List<Double> deviations;
  private final List<Double> naiveErrors;
  private final Sums[][] own;
  private final Sums[][] naive;
  private final Sums[][] last;
  private long origins;

  /** Sums over the origins, of one row of the horizon and one target. */
  private static final class Sums {
    private long count;
    private double absolute;
    private double squared;
    private double symmetric;
    private long intervals;
    private long covered;
    private double width;

    void add(double y, double forecast) {
      double error = Math.abs(y - forecast);
      count++;
      absolute += error;
      squared += error * error;
      double size = Math.abs(y) + Math.abs(forecast);
      symmetric += size > 0 ? 200 * error / size : 0;
    }
  }

  /**
   * What was measured, of some rows of the horizon and some targets.
   *
   * @param mae mean absolute error, in the units of the series
   * @param rmse square root of the mean squared error, in these units
   * @param smape symmetric mean absolute percentage error: the mean of 200 |e| / (|y| + |f|)
   * @param mase mean absolute error in units of the one that the seasonal-naive forecast of one
   *     season has on the training part (Hyndman and Koehler 2006); NaN where that has none
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
      double width) {

    /** Returns such as {@code MAE 3.114, RMSE 4.021, MASE 0.8712}. */
    @Override
    public String toString() {
      return "MAE "
          + Numbers.rounded(mae)
          + ", RMSE "
          + Numbers.rounded(rmse)
          + ", MASE "
          + Numbers.rounded(mase)
          + (Double.isNaN(coverage) ? "" : ", coverage " + Numbers.rounded(coverage));
    }
  }

  /**
   * Starts an evaluation.
   *
   * @param horizon rows of a forecast
   * @param deviations standard deviation of each target on the training part
   * @param naiveErrors of each target, the mean absolute error of the seasonal-naive forecast on
   *     the training part
   */
  public ForecastScore(int horizon, List<Double> deviations, List<Double> naiveErrors) {
    this.deviations = List.copyOf(deviations);
    this.naiveErrors = List.copyOf(naiveErrors);
    own = sums(horizon);
    naive = sums(horizon);
    last = sums(horizon);
  }

  private Sums[][] sums(int horizon) {
    var sums = new Sums[horizon][naiveErrors.size()];
    for (Sums[] row : sums) {
      Arrays.setAll(row, i -> new Sums());
    }
    return sums;
  }

  /**
   * The forecasts of one number.
   *
   * @param forecast by the model
   * @param seasonBefore the number one season before
   * @param last the last number before the origin
   */
  public record Forecasts(double forecast, double seasonBefore, double last) {}

  /** Adds the forecasts of {@code y}, one for each row and target of the horizon of an origin. */
  public void add(int row, int target, double y, Forecasts forecasts) {
    own[row][target].add(y, forecasts.forecast);
    naive[row][target].add(y, forecasts.seasonBefore);
    last[row][target].add(y, forecasts.last);
  }

  /** Adds the interval that was forecast for {@code y}. */
  public void addInterval(int row, int target, double y, double low, double high) {
    Sums sums = own[row][target];
    sums.intervals++;
    sums.covered += y >= low && y <= high ? 1 : 0;
    sums.width += high - low;
  }

  /** Adds an origin, of whose horizon some number was measured. */
  public void addOrigin() {
    origins++;
  }

  /** Returns the number of origins. */
  public long origins() {
    return origins;
  }

  /** Returns the measures of the rows from {@code from} up to {@code to} of all targets. */
  public Measures measures(int from, int to) {
    return measures(own, from, to, 0, own[0].length);
  }

  /** Returns the same of the seasonal-naive forecast. */
  public Measures naive(int from, int to) {
    return measures(naive, from, to, 0, own[0].length);
  }

  /** Returns the same of the forecast that repeats the last number before the origin. */
  public Measures last(int from, int to) {
    return measures(last, from, to, 0, own[0].length);
  }

  /** Returns the measures of the whole horizon of one target. */
  public Measures ofTarget(int target) {
    return measures(own, 0, own.length, target, target + 1);
  }

  /** Returns the same of the seasonal-naive forecast. */
  public Measures naiveOfTarget(int target) {
    return measures(naive, 0, own.length, target, target + 1);
  }

  private Measures measures(Sums[][] all, int from, int to, int firstTarget, int endTarget) {
    var whole = new Sums();
    double scaled = 0;
    double standardized = 0;
    for (int row = from; row < to; row++) {
      for (int target = firstTarget; target < endTarget; target++) {
        Sums sums = all[row][target];
        double deviation = deviations.get(target);
        double unit = naiveErrors.get(target);
        whole.count += sums.count;
        whole.absolute += sums.absolute;
        whole.squared += sums.squared;
        whole.symmetric += sums.symmetric;
        scaled += unit > 0 ? sums.absolute / unit : Double.NaN;
        standardized += sums.squared / deviation / deviation;
        whole.intervals += sums.intervals;
        whole.covered += sums.covered;
        whole.width += sums.width;
      }
    }
    double count = whole.count;
    return new Measures(
        whole.absolute / count,
        Math.sqrt(whole.squared / count),
        whole.symmetric / count,
        scaled / count,
        standardized / count,
        whole.intervals > 0 ? whole.covered / count : Double.NaN,
        whole.intervals > 0 ? whole.width / count : Double.NaN);
  }

  /** Returns the measures of the whole horizon. */
  @Override
  public String toString() {
    return measures(0, own.length) + " from " + Plural.of(origins(), "origin");
  }
}
