package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices and of stacks of them. */
final class MatrixProducts {

  private MatrixProducts() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("MatMul", 1, call -> List.of(multiply(call.input(0), call.input(1)))),
        new Definition("Gemm", 7, MatrixProducts::gemm));
  }

  /**
   * The product along the last two axes; the axes before are extended to one shape. A tensor of one
   * axis is a row on the left and a column on the right, whose axis the result lacks.
   */
  static Tensor multiply(Tensor a, Tensor b) {
    if (a.type() != b.type() || !a.type().isFloating() && !a.type().isInteger()) {
      throw new IllegalArgumentException("a product of " + a + " and " + b);
    }
    if (a.shape().rank() == 0 || b.shape().rank() == 0) {
      throw new IllegalArgumentException("a product with a scalar: " + a + " and " + b);
    }
    Tensor left = a.shape().rank() > 1 ? a : a.reshaped(Shape.of(1, a.size()));
    Tensor right = b.shape().rank() > 1 ? b : b.reshaped(Shape.of(b.size(), 1));
    if (left.shape().axis(-1) != right.shape().axis(-2)) {
      throw new IllegalArgumentException("a product of " + a.shape() + " and " + b.shape());
    }
    Tensor product = right.shape().rank() == 2 ? stacked(left, right) : batched(left, right);
    var lengths = new ArrayList<>(product.shape().axes());
    if (b.shape().rank() == 1) {
      lengths.remove(lengths.size() - 1);
    }
    if (a.shape().rank() == 1) {
      lengths.remove(lengths.size() - (b.shape().rank() == 1 ? 1 : 2));
    }
    return product.reshaped(new Shape(lengths));
  }

  /** All rows of all matrices on the left with one matrix. */
  private static Tensor stacked(Tensor a, Tensor b) {
    int depth = b.shape().axis(0);
    int columns = b.shape().axis(1);
    int rows = Around.product(a.shape(), 0, a.shape().rank() - 1);
    Shape shape = Axes.with(a.shape(), a.shape().rank() - 1, columns);
    Object out = Elements.create(a.type(), shape);
    Operand.of(a.elements(), 0, rows, depth)
        .multiply(Operand.of(b.elements(), 0, depth, columns), Operand.of(out, 0, rows, columns));
    return rounded(a.type(), shape, out);
  }

  private static Tensor batched(Tensor a, Tensor b) {
    int rows = a.shape().axis(-2);
    int depth = a.shape().axis(-1);
    int columns = b.shape().axis(-1);
    Shape batchOfA = batch(a);
    Shape batchOfB = batch(b);
    Shape batch = Axes.broadcast(List.of(batchOfA, batchOfB));
    var lengths = new ArrayList<>(batch.axes());
    lengths.add(rows);
    lengths.add(columns);
    var shape = new Shape(lengths);
    Object out = Elements.create(a.type(), shape);
    var walk = new RowWalk(batch, Axes.strides(batchOfA, batch), Axes.strides(batchOfB, batch));
    for (; walk.hasRow() && shape.size() > 0; walk.next()) {
      for (int i = 0; i < walk.length(); i++) {
        int left = (walk.start(0) + i * walk.step(0)) * rows * depth;
        int right = (walk.start(1) + i * walk.step(1)) * depth * columns;
        int target = (walk.target() + i) * rows * columns;
        Operand.of(a.elements(), left, rows, depth)
            .multiply(
                Operand.of(b.elements(), right, depth, columns),
                Operand.of(out, target, rows, columns));
      }
    }
    return rounded(a.type(), shape, out);
  }

  private static Shape batch(Tensor x) {
    return new Shape(x.shape().axes().subList(0, x.shape().rank() - 2));
  }

  /** Results of float16 are computed in float, integers in 64 bits. */
  static Tensor rounded(ElementType type, Shape shape, Object elements) {
    if (elements instanceof float[] floats) {
      return Elements.real(type, shape, floats);
    }
    if (elements instanceof long[] longs) {
      for (int i = 0; i < longs.length; i++) {
        longs[i] = Elements.wrap(type, longs[i]);
      }
    }
    return Tensor.adopt(type, shape, elements);
  }

  /** alpha·A·B + beta·C, either matrix transposed; C is extended to the product. */
  private static List<Tensor> gemm(Call call) {
    Tensor a = call.input(0);
    Tensor b = call.input(1);
    if (a.type() != b.type() || a.shape().rank() != 2 || b.shape().rank() != 2) {
      throw new IllegalArgumentException("a product of " + a + " and " + b);
    }
    Operand left = matrix(a, call.attributes().number("transA", 0) != 0);
    Operand right = matrix(b, call.attributes().number("transB", 0) != 0);
    if (left.columns() != right.rows()) {
      throw new IllegalArgumentException("a product of " + a.shape() + " and " + b.shape());
    }
    Shape shape = Shape.of(left.rows(), right.columns());
    Object out = Elements.create(a.type(), shape);
    left.multiply(right, Operand.of(out, 0, left.rows(), right.columns()));
    Tensor product = rounded(a.type(), shape, out);
    Tensor scaled = scaled(product, call.attributes().real("alpha", 1));
    Tensor c = call.optional(2);
    if (c == null) {
      return List.of(scaled);
    }
    if (!Axes.broadcast(List.of(c.shape(), shape)).equals(shape)) {
      throw new IllegalArgumentException("C of " + c.shape() + " for a product of " + shape);
    }
    return List.of(Binary.ADD.apply(scaled, scaled(c, call.attributes().real("beta", 1))));
  }

  private static Operand matrix(Tensor x, boolean transposed) {
    Operand plain = Operand.of(x.elements(), 0, x.shape().axis(0), x.shape().axis(1));
    return transposed ? plain.transposed() : plain;
  }

  private static Tensor scaled(Tensor x, float factor) {
    if (factor == 1) {
      return x;
    }
    Tensor factors = Casts.cast(Tensor.of(new float[] {factor}), x.type());
    return Binary.MULTIPLY.apply(x, factors);
  }
}
