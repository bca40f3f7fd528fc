package dev.unroll.kernel;

/**
 * Matrix products on a packed right operand: {@code C = A·B}, {@code C += A·B} and {@code C = A·B +
 * b}. A may have any strides, so that {@code Aᵀ·B} is a view, and {@code A·Bᵀ} is made by packing a
 * transposed view.
 *
 * <p>Each element of C is summed over k in one ascending order with fused multiply-add, starting
 * from 0, its old value or the row b. Work is split over rows and columns of C, never over k, so no
 * result depends on the number of threads, the vector width or the shapes of the blocks. The sum
 * over k is cut into blocks that keep a panel of B in a near cache; a cut stores the partial sum
 * exactly and goes on from it, which changes nothing.
 *
 * <p>The rows of A are copied, some at a time, to a place where their stride is a constant of the
 * inner loops.
 */
public final class Products {

  /** Elements of a right operand that stays in the L2 cache beside the rest: 512 KiB. */
  private static final int SMALL = 1 << 17;

  private static final float[] ZEROS = new float[PackedMatrix.WIDE];

  private static final ThreadLocal<float[]> LEFT =
      ThreadLocal.withInitial(() -> new float[Tile.LEFT_SIZE]);

  private Products() {}

  /** Computes {@code c = a·b} on all threads: shapes [M][K] · [K][N] → [M][N]. */
  public static void multiply(Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    run(a, b, c, Start.ZERO, workers);
  }

  /** Computes {@code c += a·b} on all threads: shapes [M][K] · [K][N] → [M][N]. */
  public static void multiplyAdd(Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    run(a, b, c, Start.of(c), workers);
  }

  /**
   * Computes {@code c = a·b + row}, the same row, one of N elements, for each row of c, on all
   * threads of {@code workers}. The sums start from the row.
   */
  public static void multiplyOnto(Matrix row, Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    if (row.rows() != 1 || row.columns() != c.columns() || row.columnStride() != 1) {
      throw new IllegalArgumentException(
          "a row of %d × %d for a product of %d columns"
              .formatted(row.rows(), row.columns(), c.columns()));
    }
    run(a, b, c, new Start(row.data(), row.offset(), 0, 1), workers);
  }

  /** What the sums start from: element (i, j) at {@code offset + i·rowStride + j·columnStride}. */
  private record Start(float[] data, int offset, int rowStride, int columnStride) {

    static final Start ZERO = new Start(ZEROS, 0, 0, 0);

    static Start of(Matrix c) {
      return new Start(c.data(), c.offset(), c.rowStride(), 1);
    }
  }

  private record Product(Matrix a, PackedMatrix b, Matrix c) {}

  private static void run(Matrix a, PackedMatrix b, Matrix c, Start start, Workers workers) {
    check(a, b, c);
    Kernels.count((long) c.rows() * b.rows() * c.columns());
    var product = new Product(a, b, c);
    int panels = b.panelCount();
    if (workers.threads() == 1) {
      run(product, start, 0, c.rows(), 0, panels);
    } else if (c.rows() >= 16 * workers.threads()) {
      workers.run(c.rows(), 6, (from, to) -> run(product, start, from, to, 0, panels));
    } else {
      workers.run(panels, 1, (from, to) -> run(product, start, 0, c.rows(), from, to));
    }
  }

  /**
   * Blocks of rows outside, of depth inside where B is small: then B stays in the cache, and C goes
   * through it once. Else the other way round, so that each block of B is fetched once.
   */
  private static void run(
      Product product, Start start, int rowFrom, int rowTo, int panelFrom, int panelTo) {
    int most = liesByColumns(product.a) ? Tile.ROWS_BY_COLUMNS : Tile.ROWS;
    boolean small = (long) product.b.rows() * product.c.columns() <= SMALL;
    int together = small ? most : Math.max(most, rowTo - rowFrom);
    for (int row = rowFrom; row < rowTo; row += together) {
      int end = Math.min(rowTo, row + together);
      for (int k = 0; k < Math.max(1, product.b.rows()); k += Tile.DEPTH) {
        Start from = k == 0 ? start : Start.of(product.c);
        int count = Math.min(Tile.DEPTH, product.b.rows() - k);
        for (int first = row; first < end; first += most) {
          var block = Block.of(product.a, first, Math.min(most, end - first), k, count);
          for (int panel = panelFrom; panel < panelTo; panel++) {
            block.run(product, from, panel);
          }
        }
      }
    }
  }

  private static boolean liesByColumns(Matrix a) {
    return a.rowStride() == 1 && a.columnStride() != 1;
  }

  /** Some rows of A, at some depth, where the inner loops want them. */
  private record Block(
      float[] left, int offset, boolean byColumns, int row, int rows, int depth, int count) {

    static Block of(Matrix a, int row, int rows, int depth, int count) {
      float[] data = a.data();
      int from = a.row(row) + depth * a.columnStride();
      if (rows == 1 && a.columnStride() == 1) {
        return new Block(data, from, false, row, rows, depth, count);
      }
      float[] left = LEFT.get();
      boolean byColumns = liesByColumns(a);
      if (byColumns) {
        Strips.pack(data, from, a.columnStride(), new Strips.Size(rows, count), left);
      } else if (a.columnStride() == 1) {
        for (int i = 0; i < rows; i++) {
          System.arraycopy(data, from + i * a.rowStride(), left, i * Tile.ROW_STRIDE, count);
        }
      } else {
        for (int i = 0; i < rows; i++) {
          for (int k = 0; k < count; k++) {
            left[i * Tile.ROW_STRIDE + k] = data[from + i * a.rowStride() + k * a.columnStride()];
          }
        }
      }
      return new Block(left, 0, byColumns, row, rows, depth, count);
    }

    void run(Product product, Start start, int panel) {
      PackedMatrix b = product.b;
      Matrix c = product.c;
      int column = b.firstColumn(panel);
      int width = b.width(panel);
      var tile =
          new Tile(
              count,
              left,
              byColumns,
              b.panels(),
              b.panelOffset(panel) + 4L * depth * width,
              width,
              Math.min(width, c.columns() - column),
              start.data,
              start.rowStride,
              c.data(),
              c.rowStride());
      int from = start.offset + row * start.rowStride + column * start.columnStride;
      int at = c.row(row) + column;
      if (!Kernels.vector()) {
        ScalarTiles.run(tile, offset, from, at, rows);
      } else if (byColumns) {
        VectorColumnTiles.run(tile, offset, from, at, rows);
      } else {
        VectorRowTiles.run(tile, offset, from, at, rows);
      }
    }
  }

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
