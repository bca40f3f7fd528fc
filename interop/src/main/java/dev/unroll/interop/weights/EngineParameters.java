package dev.unroll.interop.weights;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of one of our networks by name, each to be written or read once. */
final class EngineParameters {

  private final float[] values;
  private final Map<String, Slice> open = new LinkedHashMap<>();

  /** Opens all parameters of a layout. */
  EngineParameters(Layout layout, float[] values) {
    if (values.length != layout.size()) {
      throw new IllegalArgumentException("parameters of another network");
    }
    this.values = values;
    layout.slices().forEach(slice -> open.put(slice.name(), slice));
  }

  /** Writes parts that lie in a slice one after the other. */
  void write(String name, Tensor... parts) {
    Slice slice = take(name);
    int at = slice.offset();
    for (Tensor part : parts) {
      System.arraycopy(Matrices.floats(part), 0, values, at, part.size());
      at += part.size();
    }
    if (at != slice.offset() + slice.size()) {
      throw new InputException(
          name + " would have " + (at - slice.offset()) + " values instead of " + slice.size(),
          "Describe the network as it is.");
    }
  }

  /** Reads a vector, or a matrix. */
  Tensor read(String name) {
    Slice slice = take(name);
    float[] copy = Arrays.copyOfRange(values, slice.offset(), slice.offset() + slice.size());
    boolean isVector = slice.rows() == 1 && !slice.isWeightMatrix();
    Shape shape = isVector ? Shape.of(slice.columns()) : Shape.of(slice.rows(), slice.columns());
    return Tensor.adopt(ElementType.FLOAT, shape, copy);
  }

  /** Reads parameters that not every network has. */
  @Nullable Tensor readIfAny(String name) {
    return open.containsKey(name) ? read(name) : null;
  }

  private Slice take(String name) {
    Slice slice = open.remove(name);
    if (slice == null) {
      throw new InputException(
          "the network has no parameters " + name, "Describe the network as it is.");
    }
    return slice;
  }

  /** Refuses parameters that nobody asked for: the network has a part that others know not. */
  void requireAllTaken() {
    if (!open.isEmpty()) {
      throw new InputException(
          "the network has parameters that have no place in the other form: " + open.keySet(),
          "Leave out the part that has them.");
    }
  }
}
