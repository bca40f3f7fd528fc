package dev.unroll.kernel;

/**
 * Copies rows of a transposed matrix into the strips of {@link Tile#left}: the elements of six rows
 * that belong to the same k lie side by side, as they do in memory.
 */
final class Strips {

  /** Values of k that are copied before the next strip: their cache lines are then read once. */
  static final int RUN = 16;

  private Strips() {}

  /**
   * How much is copied.
   *
   * @param rows rows of A, columns in memory
   * @param count values of k
   */
  record Size(int rows, int count) {}

  /** Element (i, k) is {@code data[from + i + k·stride]}. */
  static void pack(float[] data, int from, int stride, Size size, float[] left) {
    int done = Kernels.vector() ? VectorStrips.pack(data, from, stride, size, left) : 0;
    for (int row = done; row < size.rows; row++) {
      int target = Tile.stripOffset(row);
      for (int k = 0; k < size.count; k++) {
        left[target + k * Tile.STRIP_ROWS] = data[from + row + k * stride];
      }
    }
  }
}
