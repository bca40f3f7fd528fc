package dev.unroll.kernel;

/** The scalar twins of {@link VectorFunctions}, with the constants of both. */
@SuppressWarnings("FloatingPointLiteralPrecision") // the published decimals
final class ScalarFunctions {

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

  /** The bits of √½: exponents are counted from there. */
  static final int ROOT_OF_HALF = 0x3f3504f3;

  static final float L3 = 3.3333331174e-1f;
  static final float L4 = -2.4999993993e-1f;
  static final float L5 = 2.0000714765e-1f;
  static final float L6 = -1.6668057665e-1f;
  static final float L7 = 1.4249322787e-1f;
  static final float L8 = -1.2420140846e-1f;
  static final float L9 = 1.1676998740e-1f;
  static final float L10 = -1.1514610310e-1f;
  static final float L11 = 7.0376836292e-2f;

  private ScalarFunctions() {}

  static float exp(float x) {
    float clamped = x > EXP_HIGH ? EXP_HIGH : x;
    clamped = clamped < EXP_LOW ? EXP_LOW : clamped;
    float rounded = Fma.fma(clamped, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float high = Fma.fma(n, -LN2_HIGH, clamped); // exact
    float low = n * -LN2_LOW;
    float r = high + low;
    float p = Fma.fma(E7, r, E6);
    p = Fma.fma(p, r, E5);
    p = Fma.fma(p, r, E4);
    p = Fma.fma(p, r, E3);
    p = Fma.fma(p, r, E2);
    float y = 1f + (high + Fma.fma(p, r * r, low));
    // 2ⁿ in two factors, each a normal float: the last product rounds once, also to a subnormal.
    int power = Float.floatToRawIntBits(rounded) - ROUND_BITS;
    int half = power >> 1;
    return y * powerOfTwo(half) * powerOfTwo(power - half);
  }

  static float tanh(float x) {
    float magnitude = Math.abs(x);
    float y;
    if (magnitude < TANH_SMALL) {
      float z = magnitude * magnitude;
      float p = Fma.fma(T11, z, T9);
      p = Fma.fma(p, z, T7);
      p = Fma.fma(p, z, T5);
      p = Fma.fma(p, z, T3);
      y = Fma.fma(p * z, magnitude, magnitude);
    } else {
      y = 1f - 2f / (exp(2f * magnitude) + 1f);
    }
    return Math.copySign(y, x);
  }

  static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    float divisor = 1f + e;
    float lost = e - (divisor - 1f); // what rounding took from the divisor, exactly
    float q = (x < 0f ? e : 1f) / divisor;
    float inverse = x < 0f ? 1f - q : q; // 1 / divisor
    return Fma.fma(-q * lost, inverse, q);
  }

  /** Of normal floats above 0, and NaN. */
  static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits - ROOT_OF_HALF) >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1f;
    float n = exponent;
    float z = f * f;
    float p = Fma.fma(L11, f, L10);
    p = Fma.fma(p, f, L9);
    p = Fma.fma(p, f, L8);
    p = Fma.fma(p, f, L7);
    p = Fma.fma(p, f, L6);
    p = Fma.fma(p, f, L5);
    p = Fma.fma(p, f, L4);
    p = Fma.fma(p, f, L3);
    float low = Fma.fma(p, f * z, n * LN2_LOW);
    low = Fma.fma(z, -0.5f, low);
    return Fma.fma(x, 0f, Fma.fma(n, LN2_HIGH, f + low)); // NaN for NaN
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }
}
