package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Inputs that say how an operator works: lengths, axes, a bound. */
final class Numbers {

  private Numbers() {}

  /** The tensor, if it has one element. */
  static Tensor only(Tensor tensor) {
    if (tensor.size() != 1) {
      throw new IllegalArgumentException("one number is needed, not " + tensor);
    }
    return tensor;
  }

  /** The elements as whole numbers. */
  static List<Long> list(Tensor tensor) {
    if (!tensor.type().isInteger()) {
      throw new IllegalArgumentException("whole numbers are needed, not " + tensor);
    }
    return Arrays.stream(tensor.longs()).boxed().toList();
  }
}
