package dev.unroll.result;

import dev.unroll.file.Numbers;
import java.util.Locale;

/**
 * How close predicted numbers are to the right ones.
 *
 * @param count how many there are
 * @param mae mean absolute error, in their units
 * @param mse mean squared error, in the square of their units
 * @param r2 coefficient of determination, as scikit-learn's {@code r2_score}: 1 - MSE / variance of
 *     the right numbers. 1 is the best, 0 what their mean reaches; NaN where fewer than two of them
 *     differ, as their variance is 0 then
 */
public record RegressionScore(long count, double mae, double mse, double r2) {

  /**
   * Measures numbers.
   *
   * @param right the right numbers, at least one
   * @param predicted the predicted numbers, in the same order
   */
  public static RegressionScore of(double[] right, double[] predicted) {
    if (right.length == 0 || right.length != predicted.length) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d numbers for %d", predicted.length, right.length));
    }
    int count = right.length;
    double sum = 0;
    boolean differ = false;
    for (double each : right) {
      sum += each;
      differ |= each != right[0];
    }
    double mean = sum / count;
    double absolute = 0;
    double squared = 0;
    double spread = 0;
    for (int i = 0; i < count; i++) {
      double error = predicted[i] - right[i];
      absolute += Math.abs(error);
      squared += error * error;
      spread += (right[i] - mean) * (right[i] - mean);
    }
    double r2 = differ ? 1 - squared / spread : Double.NaN;
    return new RegressionScore(count, absolute / count, squared / count, r2);
  }

  /** Returns such as {@code MAE 0.3114, RMSE 0.4021, R² 0.8712}. */
  @Override
  public String toString() {
    return "MAE "
        + Numbers.rounded(mae)
        + ", RMSE "
        + Numbers.rounded(rmse())
        + ", R² "
        + Numbers.rounded(r2);
  }

  /** Returns the square root of the mean squared error, in the units of the numbers. */
  public double rmse() {
    return Math.sqrt(mse);
  }
}
