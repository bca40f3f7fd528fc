package dev.unroll.kernel;

import java.lang.foreign.MemorySegment;

/**
 * One panel of B against some rows of A, for some depth: what the inner loops of a product work on.
 *
 * <p>The rows of A lie in {@code left} at a constant stride, either row by row ({@link
 * #ROW_STRIDE}) or, for a transposed A, column by column ({@link #COLUMN_STRIDE}). Sums start from
 * {@code source} and end in {@code target}, which may be the same rows.
 *
 * @param depth number of products in each sum
 * @param left elements of A
 * @param byColumns whether {@code left} lies column by column
 * @param panels elements of B
 * @param panel offset of the panel's first element at this depth, in bytes
 * @param width columns of the panel, those included that only fill it up
 * @param columns columns that exist
 * @param source what sums start from
 * @param sourceStride distance between the rows of {@code source}; 0 where all start from one row
 * @param target where sums end
 * @param targetStride distance between the rows of {@code target}
 */
record Tile(
    int depth,
    float[] left,
    boolean byColumns,
    MemorySegment panels,
    long panel,
    int width,
    int columns,
    float[] source,
    int sourceStride,
    float[] target,
    int targetStride) {

  /** Most products in a sum before it goes back to memory: a panel of it stays in the L2 cache. */
  static final int DEPTH = 256;

  /** Most rows of A that meet all panels before the next ones: 96 × 256 floats stay in L2. */
  static final int ROWS = 96;

  /** Distance between rows that lie row by row. */
  static final int ROW_STRIDE = DEPTH;

  /** Distance between columns that lie column by column. */
  static final int COLUMN_STRIDE = ROWS;
}
