package dev.unroll.kernel;

import dev.unroll.kernel.Products.Tile;

/** The obvious twin of {@link VectorProducts}: the same sums in the same order, an element each. */
final class ScalarProducts {

  private ScalarProducts() {}

  /** Multiplies {@code rows} rows of A, from index {@code left} on, with one panel. */
  static void run(Tile tile, int left, int rows) {
    float[] c = tile.target().data();
    for (int row = 0; row < rows; row++) {
      int at = tile.target().offset() + row * tile.target().stride();
      float[] sums = new float[PackedMatrix.WIDTH];
      if (tile.onto()) {
        System.arraycopy(c, at, sums, 0, sums.length);
      }
      int x = left + row * tile.rowStride();
      for (int k = 0; k < tile.depth(); k++) {
        float value = tile.a()[x + k * tile.columnStride()];
        int from = tile.right() + k * PackedMatrix.WIDTH;
        for (int j = 0; j < sums.length; j++) {
          sums[j] = Math.fma(value, tile.panel()[from + j], sums[j]);
        }
      }
      System.arraycopy(sums, 0, c, at, sums.length);
    }
  }
}
