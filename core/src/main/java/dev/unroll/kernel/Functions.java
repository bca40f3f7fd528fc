package dev.unroll.kernel;

/**
 * exp, tanh and the logistic sigmoid in single precision, as polynomials of our own: {@code Math}'s
 * and the Vector API's differ between CPUs and JDKs, these give the same bits everywhere.
 *
 * <p>Error bounds, tested over every float: {@link #EXP_ULP}, {@link #TANH_ULP} and {@link
 * #SIGMOID_ULP} units in the last place of the correctly rounded result, subnormal results
 * included. NaN gives NaN; exp(-∞) = 0, exp(∞) = ∞, tanh(±∞) = ±1, tanh(±0) = ±0, sigmoid(-∞) = 0,
 * sigmoid(∞) = 1.
 *
 * <pre>{@code
 * exp(x) = 2ⁿ·exp(r)   n = round(x / ln 2), r = x - n·ln 2, exp(r) by its Taylor polynomial of degree 7
 * tanh(x) = x + x³·P(x²)              for |x| < 0.625      (P of degree 4: Cephes, Moshier 1992)
 *         = ±(1 - 2/(exp(2|x|) + 1))  beyond
 * sigmoid(x) = 1/(1 + exp(-x)), for x < 0 as exp(x)/(1 + exp(x)), so that nothing overflows
 * }</pre>
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the published decimals
public final class Functions {

  /** Bound of the error of {@link #exp}, in units in the last place. */
  public static final double EXP_ULP = 1.0;

  /** Bound of the error of {@link #tanh}, in units in the last place. */
  public static final double TANH_ULP = 1.5;

  /** Bound of the error of {@link #sigmoid}, in units in the last place. */
  public static final double SIGMOID_ULP = 2.0;

  /**
   * Above it exp overflows to infinity, below {@link #EXP_LOW} it is nearer to 0 than to a float.
   */
  static final float EXP_HIGH = 89f;

  static final float EXP_LOW = -104f;
  static final float LOG2_E = 1.44269504f;

  /** 1.5·2²³: adding it rounds a small float to an integer that stands in its lowest bits. */
  static final float ROUND = 0x1.8p23f;

  static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

  /** ln 2 in two parts; the high one has so few bits that n·LN2_HIGH is exact. */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;
  static final float E2 = 1f / 2;
  static final float E3 = 1f / 6;
  static final float E4 = 1f / 24;
  static final float E5 = 1f / 120;
  static final float E6 = 1f / 720;
  static final float E7 = 1f / 5040;

  static final float TANH_SMALL = 0.625f;
  static final float T3 = -3.33332819422e-1f;
  static final float T5 = 1.33314422036e-1f;
  static final float T7 = -5.37397155531e-2f;
  static final float T9 = 2.06390887954e-2f;
  static final float T11 = -5.70498872745e-3f;

  private Functions() {}

  /** Returns eˣ, within {@link #EXP_ULP}. */
  public static float exp(float x) {
    float clamped = x > EXP_HIGH ? EXP_HIGH : x;
    clamped = clamped < EXP_LOW ? EXP_LOW : clamped;
    float rounded = Math.fma(clamped, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float high = Math.fma(n, -LN2_HIGH, clamped); // exact
    float low = n * -LN2_LOW;
    float r = high + low;
    float p = Math.fma(E7, r, E6);
    p = Math.fma(p, r, E5);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E2);
    float y = 1f + (high + Math.fma(p, r * r, low));
    // 2ⁿ in two factors, each a normal float: the last product rounds once, also to a subnormal.
    int power = Float.floatToRawIntBits(rounded) - ROUND_BITS;
    int half = power >> 1;
    return y * powerOfTwo(half) * powerOfTwo(power - half);
  }

  /** Returns the hyperbolic tangent of x, within {@link #TANH_ULP}. */
  public static float tanh(float x) {
    float magnitude = Math.abs(x);
    float y;
    if (magnitude < TANH_SMALL) {
      float z = magnitude * magnitude;
      float p = Math.fma(T11, z, T9);
      p = Math.fma(p, z, T7);
      p = Math.fma(p, z, T5);
      p = Math.fma(p, z, T3);
      y = Math.fma(p * z, magnitude, magnitude);
    } else {
      y = 1f - 2f / (exp(2f * magnitude) + 1f);
    }
    return Math.copySign(y, x);
  }

  /** Returns 1/(1 + e⁻ˣ), within {@link #SIGMOID_ULP}. */
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    float divisor = 1f + e;
    float lost = e - (divisor - 1f); // what rounding took from the divisor, exactly
    float q = (x < 0f ? e : 1f) / divisor;
    float inverse = x < 0f ? 1f - q : q; // 1 / divisor
    return Math.fma(-q * lost, inverse, q);
  }

  /** Writes the exponentials of {@code count} values of {@code x}, from {@code from} on, to y. */
  public static void exp(float[] x, float[] y, int from, int count) {
    if (Kernels.vector()) {
      VectorFunctions.exp(x, y, from, count);
    } else {
      for (int i = from; i < from + count; i++) {
        y[i] = exp(x[i]);
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
        y[i] = tanh(x[i]);
      }
    }
  }

  /** Writes the sigmoids of {@code count} values of {@code x}, from {@code from} on, to y. */
  public static void sigmoid(float[] x, float[] y, int from, int count) {
    if (Kernels.vector()) {
      VectorFunctions.sigmoid(x, y, from, count);
    } else {
      for (int i = from; i < from + count; i++) {
        y[i] = sigmoid(x[i]);
      }
    }
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }
}
