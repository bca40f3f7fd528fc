package dev.unroll.kernel;

import dev.unroll.base.Matrix;

/**
 * A named part of the flat parameter array: a matrix stored row after row, or a vector (one row).
 *
 * @param name the tensor's name in a model file, such as {@code layers.0.recurrent.weight}
 * @param offset index of its first element
 * @param rows number of rows (outputs); 1 for a vector (a bias, a gain)
 * @param columns number of columns (inputs), or the length of a vector
 * @param isWeightMatrix whether inputs, states or tokens are multiplied with it, so that its rows
 *     are rounded where a model's weights are
 */
public record Slice(String name, int offset, int rows, int columns, boolean isWeightMatrix) {

  /** A slice whose values are never rounded. */
  public Slice(String name, int offset, int rows, int columns) {
    this(name, offset, rows, columns, false);
  }

  /** Returns a slice of no element. */
  public static Slice none() {
    return new Slice("none", 0, 0, 0);
  }

  /** Returns whether a tensor of a file lies and is shaped as this one. */
  public boolean isPlacedAs(Slice other) {
    return name.equals(other.name)
        && offset == other.offset
        && rows == other.rows
        && columns == other.columns;
  }

  /** Returns the number of elements. */
  public int size() {
    return rows * columns;
  }

  /** Views this part of {@code values}: parameters, or gradients of the same layout. */
  public Matrix of(float[] values) {
    return Matrix.of(values, offset, rows, columns);
  }
}
