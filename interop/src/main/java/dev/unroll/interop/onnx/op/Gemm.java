package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/**
 * alpha·A·B + beta·C, either matrix transposed; C is extended to the product. A constant B is
 * packed once.
 */
final class Gemm implements Operator {

  static List<Definition> definitions() {
    return List.of(new Definition("Gemm", 7, new Gemm()));
  }

  @Override
  public List<Tensor> run(Call call) {
    return List.of(product(call, factor(call, call.input(1))));
  }

  @Override
  public Operator prepared(Call constants) {
    Tensor right = constants.optional(1);
    if (right == null) {
      return this;
    }
    Factor factor = factor(constants, right).ahead();
    return call -> List.of(product(call, factor));
  }

  private static Factor factor(Call call, Tensor b) {
    return Factor.of(b, call.attributes().number("transB", 0) != 0);
  }

  private static Tensor product(Call call, Factor b) {
    Tensor a = call.input(0);
    Operand left = Factor.of(a, call.attributes().number("transA", 0) != 0).operand();
    if (a.type() != b.tensor().type() || left.columns() != b.operand().rows()) {
      throw new IllegalArgumentException("a product of " + a + " and " + b.tensor());
    }
    Shape shape = Shape.of(left.rows(), b.operand().columns());
    Object out = Elements.create(a.type(), shape);
    b.multiply(left, Operand.of(out, 0, left.rows(), shape.axis(1)), call.workers());
    Tensor product = MatrixProducts.rounded(a.type(), shape, out);
    Tensor scaled = scaled(product, call.attributes().real("alpha", 1));
    Tensor c = call.optional(2);
    if (c == null) {
      return scaled;
    }
    if (!Axes.broadcast(List.of(c.shape(), shape)).equals(shape)) {
      throw new IllegalArgumentException("C of " + c.shape() + " for a product of " + shape);
    }
    return Binary.sum(scaled, scaled(c, call.attributes().real("beta", 1)));
  }

  private static Tensor scaled(Tensor x, float factor) {
    if (factor == 1) {
      return x;
    }
    Tensor factors = Casts.cast(Tensor.of(new float[] {factor}), x.type());
    return Binary.MULTIPLY.apply(x, factors);
  }
}
