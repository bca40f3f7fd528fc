package dev.unroll.train;

import dev.unroll.kernel.Slice;

/**
 * The rows of a parameter matrix that a step reads, such as the vectors of its tokens. The step
 * reads no others, and their gradients are zeros.
 *
 * @param matrix where the matrix lies
 * @param rows numbers of the rows, ascending, each once
 */
public record UsedRows(Slice matrix, int[] rows) {

  /** Returns the place of the first element of a row. */
  public int from(int row) {
    return matrix.offset() + row * matrix.columns();
  }

  /** Returns the place after the last element of a row. */
  public int to(int row) {
    return from(row) + matrix.columns();
  }
}
