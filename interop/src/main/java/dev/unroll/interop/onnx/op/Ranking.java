package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The greatest and least elements along an axis, and where they are. Of equal ones the first. */
final class Ranking {

  private Ranking() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition(
            "ArgMax", 1, call -> List.of(best(call, ascending(call.input(0)).reversed()))),
        new Definition("ArgMin", 1, call -> List.of(best(call, ascending(call.input(0))))),
        new Definition("TopK", 1, call -> top(call, call.attributes().number("k", -1))),
        new Definition("TopK", 10, call -> top(call, Numbers.only(call.input(1)).longs()[0])));
  }

  /** Compares the elements at two indices. */
  private static Comparator<Integer> ascending(Tensor x) {
    if (x.elements() instanceof float[] floats) {
      return (i, j) -> compare(floats[i], floats[j]);
    }
    if (x.elements() instanceof double[] doubles) {
      return (i, j) -> compare(doubles[i], doubles[j]);
    }
    if (x.elements() instanceof long[] longs) {
      return x.type() == ElementType.UINT64
          ? (i, j) -> Long.compareUnsigned(longs[i], longs[j])
          : (i, j) -> Long.compare(longs[i], longs[j]);
    }
    throw Elements.unfit(x.type());
  }

  /** Both zeros are equal; a NaN is greater than all. */
  static int compare(double a, double b) {
    return a == b ? 0 : Double.compare(a, b);
  }

  private static Tensor best(Call call, Comparator<Integer> order) {
    Tensor x = call.input(0);
    int axis = Axes.axis(call.attributes().number("axis", 0), x.shape().rank());
    boolean last = call.attributes().number("select_last_index", 0) != 0;
    var around = new Around(x.shape(), axis);
    if (around.length() == 0) {
      throw new IllegalArgumentException("there is no element along axis " + axis);
    }
    Shape shape = Axes.with(x.shape(), axis, 1);
    long[] out = Elements.longs(shape);
    for (int i = 0; i < out.length; i++) {
      int best = 0;
      for (int place = 1; place < around.length(); place++) {
        int compared = order.compare(at(around, i, place), at(around, i, best));
        best = compared < 0 || (compared == 0 && last) ? place : best;
      }
      out[i] = best;
    }
    if (call.attributes().number("keepdims", 1) == 0) {
      shape = Axes.without(shape, axis);
    }
    return Tensor.adopt(ElementType.INT64, shape, out);
  }

  /** Index of an element, of the line through the tensor that has this number. */
  private static int at(Around around, int line, int place) {
    return around.at(line / around.inner(), place, line % around.inner());
  }

  private static List<Tensor> top(Call call, long k) {
    Tensor x = call.input(0);
    int axis = Axes.axis(call.attributes().number("axis", -1), x.shape().rank());
    var around = new Around(x.shape(), axis);
    if (k < 0 || k > around.length()) {
      throw new IllegalArgumentException("k is " + k + " for " + around.length() + " elements");
    }
    boolean largest = call.attributes().number("largest", 1) != 0;
    Comparator<Integer> order = largest ? ascending(x).reversed() : ascending(x);
    Shape shape = Axes.with(x.shape(), axis, k);
    var target = new Around(shape, axis);
    Object values = Elements.create(x.type(), shape);
    long[] indices = Elements.longs(shape);
    for (int i = 0; i < around.outer() * around.inner(); i++) {
      int line = i;
      List<Integer> sorted =
          IntStream.range(0, around.length())
              .boxed()
              .sorted((a, b) -> order.compare(at(around, line, a), at(around, line, b)))
              .toList();
      for (int rank = 0; rank < k; rank++) {
        int to = at(target, line, rank);
        indices[to] = sorted.get(rank);
        System.arraycopy(x.elements(), at(around, line, sorted.get(rank)), values, to, 1);
      }
    }
    return List.of(
        Tensor.adopt(x.type(), shape, values), Tensor.adopt(ElementType.INT64, shape, indices));
  }
}
