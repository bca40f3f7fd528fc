package dev.unroll.interop.onnx.op;

import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The right operand of a product.
 *
 * @param tensor the matrix as it was given
 * @param operand the matrix, transposed if it is to be
 * @param packed its floats in the order of the kernels, if somebody worked ahead
 */
record Factor(Tensor tensor, Operand operand, @Nullable PackedMatrix packed) {

  /**
   * A matrix, transposed or not.
   *
   * @throws IllegalArgumentException if it is not a matrix
   */
  static Factor of(Tensor tensor, boolean transposed) {
    if (tensor.shape().rank() != 2) {
      throw new IllegalArgumentException("a matrix is needed, not " + tensor);
    }
    Operand plain =
        Operand.of(tensor.elements(), 0, tensor.shape().axis(0), tensor.shape().axis(1));
    return new Factor(tensor, transposed ? plain.transposed() : plain, null);
  }

  /** The same, packed if it is of floats, for many products to come. */
  Factor ahead() {
    boolean floats = tensor.elements() instanceof float[] && tensor.size() > 0;
    return floats ? new Factor(tensor, operand, operand.packed(Workers.single())) : this;
  }

  /** Writes the product with a left operand to a target that holds zeros. */
  void multiply(Operand left, Operand target, Workers workers) {
    if (packed == null) {
      left.multiply(operand, target, workers);
    } else if (left.rows() > 0) {
      left.multiply(packed, target, workers);
    }
  }
}
