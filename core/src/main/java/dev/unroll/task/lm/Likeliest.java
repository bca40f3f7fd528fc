package dev.unroll.task.lm;

import java.util.stream.IntStream;

/** Which tokens are the likeliest. */
public final class Likeliest {

  private Likeliest() {}

  /**
   * Returns the ids of the greatest logits, so many or as many as are possible at all, the greatest
   * first; of equal ones, the lower id first.
   */
  public static int[] ids(float[] logits, int count) {
    return IntStream.range(0, logits.length)
        .filter(id -> logits[id] > Float.NEGATIVE_INFINITY)
        .mapToLong(id -> ((long) ~ordered(logits[id]) << Integer.SIZE) | id)
        .sorted()
        .limit(count)
        .mapToInt(key -> (int) key)
        .toArray();
  }

  /** Returns a number that compares with others as {@link Float#compare} compares the values. */
  private static int ordered(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }
}
