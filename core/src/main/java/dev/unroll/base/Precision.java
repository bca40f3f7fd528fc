package dev.unroll.base;

import java.util.Arrays;
import java.util.Locale;

/**
 * How many bits the weights of matrices are kept in. Arithmetic is always in 32-bit floats: a
 * narrower weight is a float that happens to need fewer bits, so that one model computes the same
 * bits whether it reads one token or a batch, and rounding it twice changes nothing.
 */
public enum Precision {
  /** 32-bit floats, as trained. */
  FLOAT32,

  /** The upper half of a 32-bit float: 8 bits of mantissa, rounded to nearest, ties to even. */
  BFLOAT16,

  /**
   * Whole numbers in ±127 times a scale of their own for each row (each output). The scale, a 127th
   * of the row's largest magnitude, is itself rounded to 8 bits of mantissa: then number times
   * scale is exact.
   */
  INT8;

  private static final int LEVELS = 127;

  /** Rows whose scale would be smaller are zero: beyond, products would leave the normal floats. */
  private static final float SMALLEST_SCALE = 0x1p-100f;

  /**
   * Returns the name that options and files use: {@code float32}, {@code bfloat16}, {@code int8}.
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Rounds one row of a weight matrix, {@code count} elements from {@code from} on, in place. */
  public void round(float[] values, int from, int count) {
    switch (this) {
      case FLOAT32 -> {}
      case BFLOAT16 -> {
        for (int i = from; i < from + count; i++) {
          values[i] = toBfloat16(values[i]);
        }
      }
      case INT8 -> {
        float scale = scale(values, from, count);
        if (scale == 0f) {
          Arrays.fill(values, from, from + count, 0f);
        }
        for (int i = from; scale > 0f && i < from + count; i++) {
          values[i] = level(values[i], scale) * scale;
        }
      }
    }
  }

  /** Returns the scale of a row of 8-bit weights: 0 where all are (as good as) zero. */
  public static float scale(float[] values, int from, int count) {
    float largest = 0f;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    float scale = toBfloat16(largest / LEVELS);
    return scale < SMALLEST_SCALE ? 0f : scale;
  }

  /** Returns the whole number in ±127 that stands for {@code value} in a row of that scale. */
  public static int level(float value, float scale) {
    return scale == 0f ? 0 : Math.clamp((int) Math.rint(value / scale), -LEVELS, LEVELS);
  }

  /** Returns the nearest number with 8 bits of mantissa; of two that are as near, the even one. */
  public static float toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
    return Float.isFinite(value) ? Float.intBitsToFloat(rounded) : value;
  }
}
