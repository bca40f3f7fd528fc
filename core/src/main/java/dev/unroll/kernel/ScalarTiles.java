package dev.unroll.kernel;

/**
 * The obvious twin of {@link VectorRowTiles} and {@link VectorColumnTiles}: the same sums in the
 * same order, one row after the other.
 */
final class ScalarTiles {

  private ScalarTiles() {}

  /** Computes {@code rows} rows; A, source and target begin at the given indices. */
  static void multiply(Tile tile, int left, int from, int at, int rows) {
    int along = tile.byColumns() ? Tile.STRIP_ROWS : 1;
    float[] sums = new float[tile.width()];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(tile.source(), from + row * tile.sourceStride(), sums, 0, sums.length);
      int first = left + (tile.byColumns() ? Tile.stripOffset(row) : row * Tile.ROW_STRIDE);
      for (int k = 0; k < tile.depth(); k++) {
        float value = tile.left()[first + k * along];
        int right = tile.panel() + k * tile.width();
        for (int j = 0; j < sums.length; j++) {
          float factor = tile.panels()[right + j];
          sums[j] = Fma.fma(value, factor, sums[j]);
        }
      }
      System.arraycopy(sums, 0, tile.target(), at + row * tile.targetStride(), sums.length);
    }
  }
}
