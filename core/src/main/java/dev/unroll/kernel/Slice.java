package dev.unroll.kernel;

/**
 * A named part of the flat parameter array: a matrix stored row after row, or a vector (one row).
 *
 * @param name the tensor's name in a model file, such as {@code layers.0.recurrent.weight}
 * @param offset index of its first element
 * @param rows number of rows (outputs); 1 for a vector (a bias, a gain)
 * @param columns number of columns (inputs), or the length of a vector
 */
public record Slice(String name, int offset, int rows, int columns) {

  /** Returns whether it is a matrix that inputs, states or tokens are multiplied with. */
  public boolean isWeightMatrix() {
    return name.endsWith("weight") && !name.endsWith("peephole.weight");
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
