package dev.unroll.interop.onnx.op;

import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices and of stacks of them. */
final class MatrixProducts {

  private MatrixProducts() {}

  /**
   * The product along the last two axes; the axes before are extended to one shape. A tensor of one
   * axis is a row on the left and a column on the right, whose axis the result lacks.
   */
  static Tensor multiply(Tensor a, Tensor b, Workers workers) {
    if (b.shape().rank() == 2) {
      return multiply(a, Factor.of(b, false), workers);
    }
    check(a, b);
    if (b.shape().rank() == 1) {
      Tensor column = b.reshaped(Shape.of(b.size(), 1));
      Tensor product = multiply(a, Factor.of(column, false), workers);
      return product.reshaped(Axes.without(product.shape(), product.shape().rank() - 1));
    }
    Tensor left = rows(a);
    Tensor product = batched(left, b, workers);
    return unlessRow(a, product);
  }

  /** All rows of all matrices on the left with one matrix. */
  static Tensor multiply(Tensor a, Factor b, Workers workers) {
    check(a, b.tensor());
    Tensor left = rows(a);
    int rank = left.shape().rank();
    int depth = left.shape().axis(-1);
    if (depth != b.operand().rows()) {
      throw unfit(a, b.tensor());
    }
    int rows = Around.product(left.shape(), 0, rank - 1);
    int columns = b.operand().columns();
    Shape shape = Axes.with(left.shape(), rank - 1, columns);
    Object out = Elements.create(a.type(), shape);
    b.multiply(
        Operand.of(a.elements(), 0, rows, depth), Operand.of(out, 0, rows, columns), workers);
    return unlessRow(a, rounded(a.type(), shape, out));
  }

  private static void check(Tensor a, Tensor b) {
    boolean numbers = a.type().isFloating() || a.type().isInteger();
    if (a.type() != b.type() || !numbers || a.shape().rank() == 0 || b.shape().rank() == 0) {
      throw unfit(a, b);
    }
  }

  private static IllegalArgumentException unfit(Tensor a, Tensor b) {
    return new IllegalArgumentException("a product of " + a + " and " + b);
  }

  private static Tensor rows(Tensor a) {
    return a.shape().rank() > 1 ? a : a.reshaped(Shape.of(1, a.size()));
  }

  private static Tensor unlessRow(Tensor a, Tensor product) {
    int rank = product.shape().rank();
    return a.shape().rank() > 1
        ? product
        : product.reshaped(Axes.without(product.shape(), rank - 2));
  }

  private static Tensor batched(Tensor a, Tensor b, Workers workers) {
    int rows = a.shape().axis(-2);
    int depth = a.shape().axis(-1);
    int columns = b.shape().axis(-1);
    if (depth != b.shape().axis(-2)) {
      throw unfit(a, b);
    }
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
                Operand.of(out, target, rows, columns),
                workers);
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
}
