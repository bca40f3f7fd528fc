package dev.unroll.interop.export;

import dev.unroll.kernel.Slice;
import dev.unroll.result.Model;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The parameters of a model by name, matrices as [outputs][inputs] row by row.
 *
 * @param slices where each lies
 * @param values all of them
 */
record Parameters(Map<String, Slice> slices, float[] values) {

  static Parameters of(Model model) {
    var slices = new HashMap<String, Slice>();
    model.slices().forEach(slice -> slices.put(slice.name(), slice));
    return new Parameters(slices, model.parameters());
  }

  private Slice slice(String name) {
    Slice slice = slices.get(name);
    if (slice == null) {
      throw new IllegalArgumentException("the model has no parameters " + name);
    }
    return slice;
  }

  boolean has(String name) {
    return slices.containsKey(name);
  }

  int rows(String name) {
    return slice(name).rows();
  }

  int columns(String name) {
    return slice(name).columns();
  }

  /** Returns all elements, row by row. */
  float[] get(String name) {
    return rows(name, 0, rows(name));
  }

  /** Returns some rows. */
  float[] rows(String name, int from, int to) {
    Slice slice = slice(name);
    int first = slice.offset() + from * slice.columns();
    return Arrays.copyOfRange(values, first, first + (to - from) * slice.columns());
  }

  /** Returns some rows as columns, [columns][to - from]. */
  float[] transposed(String name, int from, int to) {
    float[] own = rows(name, from, to);
    int rows = to - from;
    int columns = columns(name);
    float[] turned = new float[own.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = own[row * columns + column];
      }
    }
    return turned;
  }

  /** Writes a vector as a constant. */
  String vector(GraphWriter g, String name) {
    return g.parameters(name, get(name), columns(name));
  }

  /** Writes some elements of a vector as a constant. */
  String vector(GraphWriter g, String name, int from, int to) {
    float[] part = Arrays.copyOfRange(get(name), from, to);
    return g.parameters(name + "." + from, part, to - from);
  }

  /** Writes a matrix as it lies, [rows][columns]. */
  String matrix(GraphWriter g, String name) {
    return g.parameters(name, get(name), rows(name), columns(name));
  }

  /** Writes a matrix as products with rows from the left need it, [inputs][outputs]. */
  String turned(GraphWriter g, String name) {
    return turned(g, name, 0, rows(name));
  }

  /** Writes some outputs of a matrix in that way. */
  String turned(GraphWriter g, String name, int from, int to) {
    boolean whole = from == 0 && to == rows(name);
    String own = name + ".transposed" + (whole ? "" : "." + from);
    return g.parameters(own, transposed(name, from, to), columns(name), to - from);
  }
}
