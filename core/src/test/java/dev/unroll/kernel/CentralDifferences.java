package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleSupplier;

/** Checks the gradient of a reference in double precision by differences of its loss. */
public final class CentralDifferences {

  private CentralDifferences() {}

  /**
   * Checks that the derivative of a loss by each value is its gradient, to 10⁻⁷ of it or of 1.
   *
   * @param loss reads {@code values}, which are as before afterwards
   * @param step small enough that no kink of the loss lies between
   */
  public static void check(double[] values, double[] gradient, double step, DoubleSupplier loss) {
    for (int i = 0; i < values.length; i++) {
      double kept = values[i];
      values[i] = kept + step;
      double above = loss.getAsDouble();
      values[i] = kept - step;
      double below = loss.getAsDouble();
      values[i] = kept;
      double difference = (above - below) / (2 * step);
      double error = Math.abs(difference - gradient[i]);
      assertThat(error / Math.max(1, Math.abs(difference))).as("value %d", i).isLessThan(1e-7);
    }
  }
}
