package dev.unroll.kernel;

/**
 * Copies rows of a transposed matrix into the strips of {@link Tile#left}: the elements of six rows
 * that belong to the same k lie side by side, as they do in memory.
 */
final class Strips {

  private Strips() {}

  /** Element (i, k) is {@code data[from + i + k·stride]}. */
  static void pack(float[] data, int from, int stride, Tile.StripSize size, float[] left, int at) {
    int done = Kernels.vector() ? VectorStrips.pack(data, from, stride, size, left, at) : 0;
    for (int row = done; row < size.rows(); row++) {
      int target = at + Tile.stripOffset(row);
      for (int k = 0; k < size.count(); k++) {
        left[target + k * Tile.STRIP_ROWS] = data[from + row + k * stride];
      }
    }
  }

  /** Adds the elements of each row, in ascending order of k, to {@code sums[offset + row]}. */
  static void addSums(float[] left, int at, Tile.StripSize size, float[] sums, int offset) {
    int done = Kernels.vector() ? VectorStrips.addSums(left, at, size, sums, offset) : 0;
    for (int row = done; row < size.rows(); row++) {
      int from = at + Tile.stripOffset(row);
      float sum = sums[offset + row];
      for (int k = 0; k < size.count(); k++) {
        sum += left[from + k * Tile.STRIP_ROWS];
      }
      sums[offset + row] = sum;
    }
  }
}
