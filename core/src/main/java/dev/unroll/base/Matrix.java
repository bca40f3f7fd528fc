package dev.unroll.base;

import java.util.Arrays;

/**
 * A view of a matrix inside a flat array: element (i, j) is {@code data[offset + i·rowStride +
 * j·columnStride]}. Views are cheap and share the array; transposing swaps the strides.
 *
 * @param data the array that holds the elements
 * @param offset index of element (0, 0)
 * @param rows number of rows
 * @param columns number of columns
 * @param rowStride distance from a row to the next
 * @param columnStride distance from a column to the next
 */
public record Matrix(
    float[] data, int offset, int rows, int columns, int rowStride, int columnStride) {

  /**
   * Where rows should begin in an array of their own: 16 bytes after the array's header, so that
   * these are 64, a cache line, where objects begin at multiples of 64 bytes ({@code
   * -XX:ObjectAlignmentInBytes=64}). A vector across two lines takes two accesses; stores of
   * results that have left the cache then took a sixth longer.
   */
  public static final int ALIGNED = 12;

  /** Checks that every element lies inside the array. */
  public Matrix {
    if (rows < 0 || columns < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "matrix of " + rows + " × " + columns + " at " + offset + ": none may be negative");
    }
    if (rows > 0 && columns > 0) {
      long last = offset + (rows - 1L) * rowStride + (columns - 1L) * columnStride;
      if (last >= data.length) {
        throw new IllegalArgumentException(
            "matrix ends at element " + last + " of an array of " + data.length);
      }
    }
  }

  /** Returns such as {@code 3 × 4 matrix}. */
  @Override
  public String toString() {
    return rows + " × " + columns + " matrix";
  }

  /** Views {@code rows × columns} elements from {@code offset} on, stored row after row. */
  public static Matrix of(float[] data, int offset, int rows, int columns) {
    return new Matrix(data, offset, rows, columns, columns, 1);
  }

  /** Views the start of {@code data} as {@code rows × columns}, stored row after row. */
  public static Matrix of(float[] data, int rows, int columns) {
    return of(data, 0, rows, columns);
  }

  /** Returns the same elements with rows and columns exchanged. */
  public Matrix transposed() {
    return new Matrix(data, offset, columns, rows, columnStride, rowStride);
  }

  /** Views the rows from {@code from} up to, not including, {@code to}. */
  public Matrix rows(int from, int to) {
    return new Matrix(data, offset + from * rowStride, to - from, columns, rowStride, columnStride);
  }

  /** Views the columns from {@code from} up to, not including, {@code to}. */
  public Matrix columns(int from, int to) {
    return new Matrix(data, offset + from * columnStride, rows, to - from, rowStride, columnStride);
  }

  /** Returns the elements of a matrix that is stored row after row, without gaps. */
  public float[] copyOfElements() {
    return Arrays.copyOfRange(data, offset, offset + rows * columns);
  }

  /** Copies a row of a matrix that is stored row after row to a row of another. */
  public void copyRow(int row, Matrix target, int targetRow) {
    System.arraycopy(data, row(row), target.data, target.row(targetRow), columns);
  }

  /** Returns the index in {@link #data} of the first element of a row. */
  public int row(int row) {
    return offset + row * rowStride;
  }

  /** Returns the index after the last element of a row that is stored without gaps. */
  public int endOfRow(int row) {
    return row(row) + columns;
  }
}
