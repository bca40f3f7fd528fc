package dev.unroll.learn;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Gradients that shards send as bfloat16, two bytes a value. What rounding leaves over is added to
 * the gradient of the next step (error feedback; Seide et al. 2014), so that over many steps all of
 * it arrives: without that, small gradients beside large ones would be lost step after step.
 *
 * <pre>{@code
 * s⟨t⟩ = g⟨t⟩ + (s⟨t-1⟩ - bfloat16(s⟨t-1⟩))        what is sent: bfloat16(s⟨t⟩)
 * }</pre>
 *
 * The difference is exact, so s⟨t-1⟩ is all that has to be kept.
 */
public final class RoundedGradients {

  /** Elements that one thread rounds at a time. */
  private static final int GRAIN = 4096;

  private RoundedGradients() {}

  /**
   * Adds what was left over to a gradient: g⟨t⟩ becomes s⟨t⟩.
   *
   * @param before s⟨t-1⟩; null for none
   */
  public static void addRest(float[] gradient, float @Nullable [] before, Workers workers) {
    if (before == null) {
      return;
    }
    workers.run(
        gradient.length,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            gradient[i] += before[i] - Precision.toBfloat16(before[i]);
          }
        });
  }

  /** Rounds what is sent. */
  public static void round(float[] values, Workers workers) {
    workers.run(
        values.length, GRAIN, (from, to) -> Precision.BFLOAT16.round(values, from, to - from));
  }

  /** Returns rounded values in two bytes each. */
  public static short[] pack(float[] rounded) {
    short[] packed = new short[rounded.length];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = (short) (Float.floatToIntBits(rounded[i]) >>> Short.SIZE); // one NaN for all
    }
    return packed;
  }

  /** Returns the values that were packed. */
  public static float[] unpack(short[] packed) {
    float[] values = new float[packed.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(packed[i] << Short.SIZE);
    }
    return values;
  }
}
