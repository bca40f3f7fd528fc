package dev.unroll.primitive;

/** How arrays grow: by half, up to what a JVM can hold. */
final class Growth {

  private static final int MOST = Integer.MAX_VALUE - 8;

  private Growth() {}

  /** Returns the length after {@code length}. */
  static int next(int length) {
    if (length == MOST) {
      throw new OutOfMemoryError("more than 2,147,483,639 numbers in one list");
    }
    return (int) Math.min(MOST, 1L + length + (length >> 1));
  }
}
