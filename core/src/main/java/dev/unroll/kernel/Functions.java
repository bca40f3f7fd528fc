package dev.unroll.kernel;

/**
 * exp, tanh, the logistic sigmoid and the natural logarithm in single precision, as polynomials of
 * our own: {@code Math}'s and the Vector API's differ between CPUs and JDKs, these have the same
 * bits everywhere.
 *
 * <p>Error bounds, tested over every float: 1, 1.5, 2 and 1 units in the last place of the
 * correctly rounded result, subnormal results included. exp, tanh and sigmoid of NaN are NaN;
 * exp(-∞) = 0, exp(∞) = ∞, tanh(±∞) = ±1, tanh(±0) = ±0, sigmoid(-∞) = 0, sigmoid(∞) = 1.
 *
 * <pre>{@code
 * exp(x) = 2ⁿ·exp(r)   n = round(x / ln 2), r = x - n·ln 2, exp(r) by its Taylor polynomial of degree 7
 * tanh(x) = x + x³·P(x²)              for |x| < 0.625      (P of degree 4: Cephes, Moshier 1992)
 *         = ±(1 - 2/(exp(2|x|) + 1))  beyond
 * sigmoid(x) = 1/(1 + exp(-x)), for x < 0 as exp(x)/(1 + exp(x)), so that nothing overflows
 * log(x) = n·ln 2 + log(m)     m = x/2ⁿ in [√½, √2), log(m) = f - f²/2 + f³·Q(f), f = m - 1 (Q of degree 8: Cephes)
 * }</pre>
 */
public final class Functions {

  /** Bound of the error of {@link #exp}, in units in the last place. */
  static final double EXP_ULP = 1.0;

  /** Bound of the error of {@link #tanh}, in units in the last place. */
  static final double TANH_ULP = 1.5;

  /** Bound of the error of {@link #sigmoid}, in units in the last place. */
  static final double SIGMOID_ULP = 2.0;

  /** Bound of the error of {@link #log}, in units in the last place. */
  static final double LOG_ULP = 1.0;

  private Functions() {}

  /** Returns eˣ, within 1 unit in the last place. */
  public static float exp(float x) {
    return ScalarFunctions.exp(x);
  }

  /** Returns the hyperbolic tangent of x, within {@link #TANH_ULP}. */
  static float tanh(float x) {
    return ScalarFunctions.tanh(x);
  }

  /** Returns 1/(1 + e⁻ˣ), within {@link #SIGMOID_ULP}. */
  static float sigmoid(float x) {
    return ScalarFunctions.sigmoid(x);
  }

  /** Writes the exponentials of {@code count} values of {@code x}, from {@code from} on, to y. */
  public static void exp(float[] x, float[] y, int from, int count) {
    if (Kernels.vector()) {
      VectorFunctions.exp(x, y, from, count);
    } else {
      for (int i = from; i < from + count; i++) {
        y[i] = ScalarFunctions.exp(x[i]);
      }
    }
  }

  /**
   * Writes the hyperbolic tangents of {@code count} values of {@code x}, from {@code from}, to y.
   */
  public static void tanh(float[] x, float[] y, int from, int count) {
    if (Kernels.vector()) {
      VectorFunctions.tanh(x, from, y, from, count);
    } else {
      for (int i = from; i < from + count; i++) {
        y[i] = ScalarFunctions.tanh(x[i]);
      }
    }
  }

  /** Writes the sigmoids of {@code count} values of {@code x}, from {@code from} on, to y. */
  public static void sigmoid(float[] x, float[] y, int from, int count) {
    if (Kernels.vector()) {
      VectorFunctions.sigmoid(x, y, from, count);
    } else {
      for (int i = from; i < from + count; i++) {
        y[i] = ScalarFunctions.sigmoid(x[i]);
      }
    }
  }

  /**
   * Writes the natural logarithms of {@code count} values of {@code x}, from {@code from} on, to y.
   *
   * @param x normal floats above 0; what is written for NaN is NaN, for all others nothing useful
   */
  public static void log(float[] x, float[] y, int from, int count) {
    if (Kernels.vector()) {
      VectorFunctions.log(x, y, from, count);
    } else {
      for (int i = from; i < from + count; i++) {
        y[i] = ScalarFunctions.log(x[i]);
      }
    }
  }
}
