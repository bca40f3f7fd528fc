package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** Products of matrices; a constant on the right is packed once. */
final class MatMul implements Operator {

  static List<Definition> definitions() {
    return List.of(new Definition("MatMul", 1, new MatMul()));
  }

  @Override
  public List<Tensor> run(Call call) {
    return List.of(MatrixProducts.multiply(call.input(0), call.input(1), call.workers()));
  }

  @Override
  public Operator prepared(Call constants) {
    Tensor right = constants.optional(1);
    if (right == null || right.shape().rank() != 2) {
      return this;
    }
    Factor factor = Factor.of(right, false).ahead();
    return call -> List.of(MatrixProducts.multiply(call.input(0), factor, call.workers()));
  }
}
