package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The emulated fused multiply-add has the bits of the instruction. */
class FmaTest {

  private static final float[] HARD = {
    0f,
    1f,
    Float.MIN_VALUE,
    3 * Float.MIN_VALUE,
    Math.nextDown(Float.MIN_NORMAL),
    Float.MIN_NORMAL,
    Math.nextUp(Float.MIN_NORMAL),
    0x1p-75f,
    0x1p-74f,
    0x1.8p-75f,
    0x1p-24f,
    0x1p-25f,
    Math.nextUp(0x1p-25f),
    Math.nextDown(1f),
    Math.nextUp(1f),
    1.5f,
    3f,
    1f / 3,
    0x1.000002p12f,
    0x1.fffffep11f,
    0x1p24f,
    0x1.000002p63f,
    0x1p64f,
    0x1p104f,
    0x1p127f,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NaN
  };

  private static void check(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    float found = Fma.emulated(a, b, c);
    if (Float.floatToIntBits(found) != Float.floatToIntBits(expected)) {
      throw new AssertionError(
          Float.toHexString(a)
              + " * "
              + Float.toHexString(b)
              + " + "
              + Float.toHexString(c)
              + " is "
              + Float.toHexString(expected)
              + ", not "
              + Float.toHexString(found));
    }
  }

  @Test
  void allHardNumbersOfEachSign() {
    for (float a : HARD) {
      for (float b : HARD) {
        for (float c : HARD) {
          for (int signs = 0; signs < 8; signs++) {
            check(signed(a, signs & 1), signed(b, signs & 2), signed(c, signs & 4));
          }
        }
      }
    }
  }

  private static float signed(float x, int sign) {
    return sign == 0 ? x : -x;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBits(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 300_000; i++) {
      check(anyFloat(random), anyFloat(random), anyFloat(random));
    }
  }

  private static float anyFloat(SplittableRandom random) {
    return Float.intBitsToFloat(random.nextInt());
  }

  /** Sums about as large as the product, with few bits or many, which cancel or end halfway. */
  @ParameterizedTest
  @ValueSource(ints = {-140, -100, -75, -63, 0, 40, 62})
  void sumsThatCancelOrEndHalfway(int exponent) {
    var random = new SplittableRandom(exponent);
    for (int i = 0; i < 200_000; i++) {
      float a = Math.scalb(mantissa(random), exponent);
      float b = mantissa(random);
      double product = (double) a * b;
      check(a, b, -(float) product);
      check(a, b, Math.scalb(mantissa(random), exponent + random.nextInt(-50, 51)));
      // a·b ends 24 bits below the last of c, or near it: halfway but for a rest
      float c = (float) Math.scalb(product, random.nextInt(20, 29));
      check(a, b, c);
      check(a, b, -c);
      check(a, Math.nextUp(b), Math.nextDown(c));
    }
  }

  /** A number from 1 to 2 with 1 to 24 bits, the last of which is 1. */
  private static float mantissa(SplittableRandom random) {
    int cut = random.nextInt(24);
    int bits = random.nextInt(1 << 23) >> cut << cut | (cut < 23 ? 1 << cut : 0);
    float value = Float.intBitsToFloat(0x3f800000 | bits);
    return random.nextBoolean() ? value : -value;
  }

  @Test
  void oneRoundingWhereTwoGiveAnother() {
    float a = 0x1.00001p-24f;
    float b = 0x0.fffffp0f;
    float c = 0x1.000002p0f; // a·b + c lies 2⁻⁶⁴ below the middle between c and the next float
    assertThat((float) ((double) a * b + c)).isEqualTo(Math.nextUp(c));
    assertThat(Fma.emulated(a, b, c)).isEqualTo(c);
  }
}
