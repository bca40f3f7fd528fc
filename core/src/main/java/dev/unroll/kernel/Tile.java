package dev.unroll.kernel;

/**
 * One panel of B against some rows of A, for some depth: what the inner loops of a product work on.
 *
 * <p>The rows of A lie in {@code left} at constant strides: row by row ({@link #ROW_STRIDE}) or,
 * for a transposed A, in strips of {@link #STRIP_ROWS} rows, each column by column. Sums start from
 * {@code source} and end in {@code target}, which may be the same rows.
 *
 * @param depth number of products in each sum
 * @param left elements of A
 * @param byColumns whether {@code left} lies in strips
 * @param panels elements of B
 * @param panel offset of the panel's first element at this depth
 * @param width columns of the panel
 * @param source what sums start from
 * @param sourceStride distance between the rows of {@code source}; 0 where all start from one row
 * @param target where sums end
 * @param targetStride distance between the rows of {@code target}
 */
record Tile(
    int depth,
    float[] left,
    boolean byColumns,
    float[] panels,
    int panel,
    int width,
    float[] source,
    int sourceStride,
    float[] target,
    int targetStride) {

  /** Most products in a sum before it goes back to memory: a panel of it stays in the L2 cache. */
  static final int DEPTH = 256;

  /** Most products in a sum before the next rows of A: 126 × 1,024 floats stay in L2. */
  static final int DEEP = 4 * DEPTH;

  /** Most rows of A that meet all panels before the next ones. */
  static final int ROWS = 126;

  /** Distance between rows that lie row by row. */
  static final int ROW_STRIDE = DEPTH;

  /** Rows of a strip: those of the largest tile. */
  static final int STRIP_ROWS = 6;

  /** Floats that packing may write beyond the end of a strip. */
  static final int STRIP_SLACK = 8;

  /** Distance between strips. */
  static final int STRIP_STRIDE = DEPTH * STRIP_ROWS + STRIP_SLACK;

  /** Returns how many floats some rows of A take in {@link #left}. */
  static int leftSize(int rows, boolean byColumns) {
    return byColumns ? (rows + STRIP_ROWS - 1) / STRIP_ROWS * STRIP_STRIDE : rows * ROW_STRIDE;
  }

  /** Returns the same panel on other sums. */
  Tile on(float[] otherSource, int otherSourceStride, float[] otherTarget, int otherTargetStride) {
    return new Tile(
        depth,
        left,
        byColumns,
        panels,
        panel,
        width,
        otherSource,
        otherSourceStride,
        otherTarget,
        otherTargetStride);
  }

  /** Returns where a row of strips begins, relative to the first; its elements are 6 apart. */
  static int stripOffset(int row) {
    return row / STRIP_ROWS * STRIP_STRIDE + row % STRIP_ROWS;
  }

  /**
   * How much of a transposed matrix is copied into strips.
   *
   * @param rows rows of A, columns in memory
   * @param count values of k
   */
  record StripSize(int rows, int count) {}
}
