package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of a node's inputs, with messages that name the input, what was found and expected. */
final class Shapes {

  private Shapes() {}

  /** An input, or null where it is left out. */
  static @Nullable Tensor at(List<@Nullable Tensor> inputs, int index) {
    return index < inputs.size() ? inputs.get(index) : null;
  }

  /** Refuses an input that is left out. */
  static Tensor present(String name, @Nullable Tensor tensor) {
    if (tensor == null) {
      throw new IllegalArgumentException("the input " + name + " is missing");
    }
    return tensor;
  }

  /** Refuses another number of axes. */
  static void checkRank(String name, Tensor tensor, int rank, String meaning) {
    if (tensor.shape().rank() != rank) {
      throw new IllegalArgumentException(
          name + " is " + tensor.shape() + ", must have " + rank + " axes: " + meaning);
    }
  }

  /**
   * Refuses another shape.
   *
   * @param meaning what the axes are, in words
   */
  static void check(String name, Tensor tensor, String meaning, int... axes) {
    List<Integer> found = tensor.shape().axes();
    boolean same = found.size() == axes.length;
    for (int axis = 0; same && axis < axes.length; axis++) {
      same = found.get(axis) == axes[axis];
    }
    if (!same) {
      throw new IllegalArgumentException(
          name + " is " + tensor.shape() + ", must be " + Shape.of(axes) + " (" + meaning + ")");
    }
  }

  /** Refuses weights of no unit or no input. */
  static void checkNotEmpty(String name, Tensor tensor) {
    if (tensor.size() == 0) {
      throw new IllegalArgumentException(name + " is " + tensor.shape() + ", which is empty");
    }
  }

  /** Refuses another type of elements. */
  static void checkType(String name, @Nullable Tensor tensor, ElementType wanted) {
    if (tensor != null && tensor.type() != wanted) {
      throw new IllegalArgumentException(
          name + " is of " + tensor.type().label() + ", must be of " + wanted.label());
    }
  }

  /** A product that must be an axis. */
  static int times(int a, int b) {
    long product = (long) a * b;
    if (product > Shape.MOST_ELEMENTS) {
      throw new IllegalArgumentException(a + "·" + b + " is too large for an axis");
    }
    return (int) product;
  }
}
