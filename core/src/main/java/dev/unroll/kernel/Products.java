package dev.unroll.kernel;

/**
 * Matrix products on a packed right operand: {@code C = A·B} and {@code C += A·B}. A may have any
 * strides, so that {@code Aᵀ·B} is a view, and {@code A·Bᵀ} is made by packing a transposed view.
 *
 * <p>Each element of C is summed over k in one ascending order with fused multiply-add, starting
 * from 0 or from its old value. Work is split over rows and columns of C, never over k, so no
 * result depends on the number of threads, the vector width or the shapes of the blocks. The sum
 * over k is cut into blocks that keep a panel of B in the first-level cache; a cut stores the
 * partial sum exactly and goes on from it, which changes nothing.
 */
public final class Products {

  /** Rows of a panel of B that are worked on at a time: 256 × 32 floats are 32 KiB. */
  private static final int DEPTH_BLOCK = 256;

  /** Rows of A that meet all panels before the next ones: 128 × 256 floats stay in the L2 cache. */
  private static final int ROW_BLOCK = 128;

  private Products() {}

  /** Computes {@code c = a·b}: shapes [M][K] · [K][N] → [M][N]. */
  public static void multiply(Matrix a, PackedMatrix b, Matrix c) {
    check(a, b, c);
    run(a, b, c, false);
  }

  /** Computes {@code c += a·b}: shapes [M][K] · [K][N] → [M][N]. */
  public static void multiplyAdd(Matrix a, PackedMatrix b, Matrix c) {
    check(a, b, c);
    run(a, b, c, true);
  }

  /** Computes {@code c = a·b} on all threads of {@code workers}. */
  public static void multiply(Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    check(a, b, c);
    split(a, b, c, false, workers);
  }

  /** Computes {@code c += a·b} on all threads of {@code workers}. */
  public static void multiplyAdd(Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    check(a, b, c);
    split(a, b, c, true, workers);
  }

  private static void split(Matrix a, PackedMatrix b, Matrix c, boolean add, Workers workers) {
    if (c.rows() >= 16 * workers.threads()) {
      workers.run(c.rows(), 8, (from, to) -> run(a.rows(from, to), b, c.rows(from, to), add));
    } else {
      workers.run(b.panelCount(), 1, (from, to) -> runPanels(a, b, c, add, new Panels(from, to)));
    }
  }

  private record Panels(int from, int to) {}

  private static void run(Matrix a, PackedMatrix b, Matrix c, boolean add) {
    runPanels(a, b, c, add, new Panels(0, b.panelCount()));
  }

  private static void runPanels(Matrix a, PackedMatrix b, Matrix c, boolean add, Panels panels) {
    if (b.rows() == 0) {
      if (!add) {
        Rows.fill(c, 0f);
      }
      return;
    }
    for (int depth = 0; depth < b.rows(); depth += DEPTH_BLOCK) {
      int depthEnd = Math.min(b.rows(), depth + DEPTH_BLOCK);
      boolean onto = add || depth > 0;
      for (int row = 0; row < c.rows(); row += ROW_BLOCK) {
        int rowEnd = Math.min(c.rows(), row + ROW_BLOCK);
        var block = new Block(a, b, c, depth, depthEnd - depth, onto);
        for (int panel = panels.from; panel < panels.to; panel++) {
          block.run(row, rowEnd, panel);
        }
      }
    }
  }

  /** Some rows of A and C and some depth of B: what one pass of the inner loops works on. */
  private record Block(Matrix a, PackedMatrix b, Matrix c, int depth, int count, boolean onto) {

    void run(int rowFrom, int rowTo, int panel) {
      int column = panel * PackedMatrix.WIDTH;
      int width = Math.min(PackedMatrix.WIDTH, c.columns() - column);
      if (width == PackedMatrix.WIDTH) {
        tiles(rowFrom, rowTo, panel, new Target(c.data(), c.row(rowFrom) + column, c.rowStride()));
      } else {
        narrow(rowFrom, rowTo, panel);
      }
    }

    /** The last panel: its columns go through a buffer as wide as the panel. */
    private void narrow(int rowFrom, int rowTo, int panel) {
      int column = panel * PackedMatrix.WIDTH;
      int width = c.columns() - column;
      float[] buffer = new float[(rowTo - rowFrom) * PackedMatrix.WIDTH];
      for (int row = rowFrom; onto && row < rowTo; row++) {
        int at = (row - rowFrom) * PackedMatrix.WIDTH;
        System.arraycopy(c.data(), c.row(row) + column, buffer, at, width);
      }
      tiles(rowFrom, rowTo, panel, new Target(buffer, 0, PackedMatrix.WIDTH));
      for (int row = rowFrom; row < rowTo; row++) {
        int at = (row - rowFrom) * PackedMatrix.WIDTH;
        System.arraycopy(buffer, at, c.data(), c.row(row) + column, width);
      }
    }

    private void tiles(int rowFrom, int rowTo, int panel, Target target) {
      int left = a.row(rowFrom) + depth * a.columnStride();
      int right = b.panelOffset(panel) + depth * PackedMatrix.WIDTH;
      var tile =
          new Tile(
              count, a.data(), a.rowStride(), a.columnStride(), b.panels(), right, target, onto);
      if (Kernels.VECTOR) {
        VectorProducts.run(tile, left, rowTo - rowFrom);
      } else {
        ScalarProducts.run(tile, left, rowTo - rowFrom);
      }
    }
  }

  /** Where the rows of C lie. */
  record Target(float[] data, int offset, int stride) {}

  /**
   * A column of tiles: all rows against one panel.
   *
   * @param depth number of products in each sum
   * @param a elements of A
   * @param rowStride distance between rows of A
   * @param columnStride distance between columns of A
   * @param panel elements of B, in panels
   * @param right index of the panel's first element
   * @param target where C lies
   * @param onto whether sums start from C's old values or from zero
   */
  record Tile(
      int depth,
      float[] a,
      int rowStride,
      int columnStride,
      float[] panel,
      int right,
      Target target,
      boolean onto) {}

  private static void check(Matrix a, PackedMatrix b, Matrix c) {
    if (a.columns() != b.rows() || a.rows() != c.rows() || b.columns() != c.columns()) {
      throw new IllegalArgumentException(
          "product of %d × %d and %d × %d into %d × %d"
              .formatted(a.rows(), a.columns(), b.rows(), b.columns(), c.rows(), c.columns()));
    }
    if (c.columnStride() != 1) {
      throw new IllegalArgumentException("a product is written row by row, not transposed");
    }
  }
}
