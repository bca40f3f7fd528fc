package dev.unroll.interop.onnx.run;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Tensors of one element, which steer loops and conditions. */
final class Scalars {

  private Scalars() {}

  /**
   * Returns a truth value.
   *
   * @throws IllegalArgumentException if it is none
   */
  static boolean flag(String what, @Nullable Tensor tensor) {
    if (tensor == null || tensor.type() != ElementType.BOOL || tensor.size() != 1) {
      throw new IllegalArgumentException(what + " must be one bool, not " + tensor);
    }
    return ((boolean[]) tensor.elements())[0];
  }

  /**
   * Returns a whole number.
   *
   * @throws IllegalArgumentException if it is none
   */
  static long whole(String what, Tensor tensor) {
    if (!tensor.type().isInteger() || tensor.size() != 1) {
      throw new IllegalArgumentException(what + " must be one whole number, not " + tensor);
    }
    return ((long[]) tensor.elements())[0];
  }
}
