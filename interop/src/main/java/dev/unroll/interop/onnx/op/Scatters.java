package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tensor with new elements at some places; where a place is named twice, the last one counts. */
final class Scatters {

  private Scatters() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Scatter", 9, Scatters::scatterElements),
        new Definition("ScatterElements", 11, Scatters::scatterElements),
        new Definition("ScatterND", 11, Scatters::scatterBlocks));
  }

  private static List<Tensor> scatterElements(Call call) {
    Tensor x = call.input(0);
    Tensor indices = Gathers.integers(call.input(1));
    Tensor updates = sameType(x, call.input(2));
    if (!updates.shape().equals(indices.shape())) {
      throw new IllegalArgumentException(
          "updates of " + updates.shape() + " at indices of " + indices.shape());
    }
    int axis = Axes.axis(call.attributes().number("axis", 0), x.shape().rank());
    int[] places = Gathers.sources(x.shape(), indices, axis);
    return List.of(put(call, updates, places, 1));
  }

  private static List<Tensor> scatterBlocks(Call call) {
    Tensor x = call.input(0);
    Tensor indices = Gathers.integers(call.input(1));
    Tensor updates = sameType(x, call.input(2));
    Shape from = indices.shape();
    int depth = from.rank() == 0 ? 0 : from.axis(-1);
    if (depth == 0 || depth > x.shape().rank()) {
      throw new IllegalArgumentException("indices of " + from + " into " + x.shape());
    }
    var lengths = new ArrayList<>(from.axes().subList(0, from.rank() - 1));
    lengths.addAll(x.shape().axes().subList(depth, x.shape().rank()));
    if (!updates.shape().axes().equals(lengths)) {
      throw new IllegalArgumentException(
          "updates of " + updates.shape() + " at indices of " + from + " into " + x.shape());
    }
    int block = Around.product(x.shape(), depth, x.shape().rank());
    var places = new int[indices.size() / depth];
    for (int row = 0; row < places.length; row++) {
      places[row] = Gathers.place(x.shape(), 0, indices, row);
    }
    return List.of(put(call, updates, places, block));
  }

  private static Tensor sameType(Tensor x, Tensor updates) {
    if (updates.type() != x.type()) {
      throw new IllegalArgumentException("updates of " + updates + " of a tensor of " + x);
    }
    return updates;
  }

  /** Puts the updates, block after block, to their places in a copy of the first input. */
  private static Tensor put(Call call, Tensor updates, int[] places, int block) {
    Tensor x = call.input(0);
    ElementType type = x.type();
    Object out = Elements.create(type, x.shape());
    System.arraycopy(x.elements(), 0, out, 0, x.size());
    Arithmetic function = reduction(call);
    for (int i = 0; i < places.length; i++) {
      if (function == null) {
        System.arraycopy(updates.elements(), i * block, out, places[i], block);
      } else {
        for (int j = 0; j < block; j++) {
          function.combine(type, out, places[i] + j, updates.elements(), i * block + j);
        }
      }
    }
    return Tensor.adopt(type, x.shape(), out);
  }

  /** How old and new elements become one; null replaces. */
  private static @Nullable Arithmetic reduction(Call call) {
    String name = call.attributes().text("reduction", "none");
    return switch (name) {
      case "none" -> null;
      case "add" -> Binary.ADD;
      case "mul" -> Binary.MULTIPLY;
      case "min" -> Binary.MIN;
      case "max" -> Binary.MAX;
      default -> throw new IllegalArgumentException("reduction is " + name);
    };
  }
}
