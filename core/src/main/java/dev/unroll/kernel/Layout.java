package dev.unroll.kernel;

import dev.unroll.base.Precision;
import java.util.ArrayList;
import java.util.List;

/** Allocates the slices of one flat parameter array, one after the other. */
public final class Layout {

  private final List<Slice> slices = new ArrayList<>();
  private int size;

  /** Creates an empty layout. */
  public Layout() {}

  /** Adds a weight matrix, [rows][columns], whose rows are rounded where a model's weights are. */
  public Slice matrix(String name, int rows, int columns) {
    return add(new Slice(name, size, rows, columns, true));
  }

  /** Adds a vector, which is never rounded. */
  public Slice vector(String name, int length) {
    return vectors(name, 1, length);
  }

  /** Adds some vectors, [rows][length], which are never rounded. */
  public Slice vectors(String name, int rows, int length) {
    return add(new Slice(name, size, rows, length, false));
  }

  private Slice add(Slice slice) {
    size = Math.addExact(size, Math.multiplyExact(slice.rows(), slice.columns()));
    slices.add(slice);
    return slice;
  }

  /**
   * Returns {@code parameters} with the rows of all weight matrices rounded: a copy, or the same
   * array where nothing is to be rounded. Biases, gains, peepholes and start states, a few in a
   * thousand of the parameters, stay as they are.
   */
  public float[] round(float[] parameters, Precision precision) {
    if (precision == Precision.FLOAT32) {
      return parameters;
    }
    float[] rounded = parameters.clone();
    for (Slice slice : slices) {
      for (int row = 0; slice.isWeightMatrix() && row < slice.rows(); row++) {
        precision.round(rounded, slice.offset() + row * slice.columns(), slice.columns());
      }
    }
    return rounded;
  }

  /** Returns the number of elements allocated so far. */
  public int size() {
    return size;
  }

  /** Returns all slices in their order. */
  public List<Slice> slices() {
    return List.copyOf(slices);
  }
}
