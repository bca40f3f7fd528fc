package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of all elements along some axes. Real numbers are taken into double, in ascending
 * order, and the result is rounded once; integers wrap around.
 *
 * @param start what the result begins with
 * @param add takes an element into the result
 * @param finish what becomes of the result, given it and the number of elements
 * @param whole as {@code add} for integers; null if those are reduced as real numbers, and cut off
 */
record Reduction(
    double start,
    DoubleBinaryOperator add,
    DoubleBinaryOperator finish,
    @Nullable Arithmetic whole) {

  /** From this version on the axes of all reductions are an input; those of sums from 13. */
  private static final int AXES_ARE_INPUT = 18;

  private static final Reduction SUM = of(0, Binary.ADD);
  static final Reduction MEAN = new Reduction(0, Double::sum, (sum, count) -> sum / count, null);
  static final Reduction L1 =
      of(0, Arithmetic.of((sum, x) -> sum + Math.abs(x), (sum, x) -> sum + Math.abs(x)));
  static final Reduction L2 =
      new Reduction(0, (sum, x) -> sum + x * x, (sum, count) -> Math.sqrt(sum), null);
  static final Reduction MAX = of(Double.NEGATIVE_INFINITY, Binary.MAX);

  private static final Reduction MIN = of(Double.POSITIVE_INFINITY, Binary.MIN);
  private static final Reduction PRODUCT = of(1, Binary.MULTIPLY);
  private static final Reduction SUM_OF_SQUARES =
      of(0, Arithmetic.of((sum, x) -> sum + x * x, (sum, x) -> sum + x * x));
  private static final Reduction LOG_OF_SUM =
      new Reduction(0, Double::sum, (sum, count) -> StrictMath.log(sum), null);

  static List<Definition> definitions() {
    var definitions = new ArrayList<Definition>();
    add(definitions, "ReduceSum", 13, SUM);
    add(definitions, "ReduceMean", AXES_ARE_INPUT, MEAN);
    add(definitions, "ReduceMax", AXES_ARE_INPUT, MAX);
    add(definitions, "ReduceMin", AXES_ARE_INPUT, MIN);
    add(definitions, "ReduceProd", AXES_ARE_INPUT, PRODUCT);
    add(definitions, "ReduceL1", AXES_ARE_INPUT, L1);
    add(definitions, "ReduceL2", AXES_ARE_INPUT, L2);
    add(definitions, "ReduceSumSquare", AXES_ARE_INPUT, SUM_OF_SQUARES);
    add(definitions, "ReduceLogSum", AXES_ARE_INPUT, LOG_OF_SUM);
    definitions.add(
        new Definition(
            "ReduceLogSumExp", 1, call -> List.of(logSumExp(call, attributeAxes(call)))));
    definitions.add(
        new Definition(
            "ReduceLogSumExp", AXES_ARE_INPUT, call -> List.of(logSumExp(call, inputAxes(call)))));
    return definitions;
  }

  private static Reduction of(double start, Arithmetic add) {
    return new Reduction(start, add.real(), (result, count) -> result, add);
  }

  private static void add(
      List<Definition> definitions, String name, int inputSince, Reduction reduction) {
    definitions.add(
        new Definition(name, 1, call -> List.of(reduction.run(call, attributeAxes(call)))));
    definitions.add(
        new Definition(name, inputSince, call -> List.of(reduction.run(call, inputAxes(call)))));
  }

  private static List<Integer> attributeAxes(Call call) {
    return axes(call, call.attributes().numbers("axes", List.of()));
  }

  private static List<Integer> inputAxes(Call call) {
    Tensor axes = call.optional(1);
    return axes(call, axes == null ? List.of() : Numbers.list(axes));
  }

  /** No axes are all of them, unless the node says that they are none. */
  private static List<Integer> axes(Call call, List<Long> numbers) {
    int rank = call.input(0).shape().rank();
    boolean all = numbers.isEmpty() && call.attributes().number("noop_with_empty_axes", 0) == 0;
    return all ? List.copyOf(range(rank)) : Axes.axes(numbers, rank);
  }

  private static List<Integer> range(int rank) {
    var axes = new ArrayList<Integer>();
    for (int axis = 0; axis < rank; axis++) {
      axes.add(axis);
    }
    return axes;
  }

  private Tensor run(Call call, List<Integer> axes) {
    Tensor reduced = reduce(call.input(0), axes);
    return keepsAxes(call) ? reduced : without(reduced, axes);
  }

  private static boolean keepsAxes(Call call) {
    return call.attributes().number("keepdims", 1) != 0;
  }

  private static Tensor without(Tensor reduced, List<Integer> axes) {
    var lengths = new ArrayList<Integer>();
    for (int axis = 0; axis < reduced.shape().rank(); axis++) {
      if (!axes.contains(axis)) {
        lengths.add(reduced.shape().axis(axis));
      }
    }
    return reduced.reshaped(new Shape(lengths));
  }

  /** The result with axes of length 1 where it was reduced. */
  Tensor reduce(Tensor x, List<Integer> axes) {
    var lengths = new ArrayList<>(x.shape().axes());
    for (int axis : axes) {
      lengths.set(axis, 1);
    }
    var shape = new Shape(lengths);
    if (x.type() == ElementType.BOOL) {
      return Casts.cast(reduce(Casts.cast(x, ElementType.UINT8), axes), ElementType.BOOL);
    }
    if (!x.type().isInteger()) {
      return Elements.real(x.type(), shape, reals(x, shape));
    }
    if (whole != null) {
      return Tensor.adopt(x.type(), shape, integers(x, shape, whole.of(x.type())));
    }
    Tensor real = Tensor.adopt(ElementType.DOUBLE, shape, reals(x, shape));
    return Casts.cast(real, x.type());
  }

  private double[] reals(Tensor x, Shape shape) {
    double[] in = x.elements() instanceof double[] same ? same : x.doubles();
    double[] out = Elements.doubles(shape);
    Arrays.fill(out, start);
    for (var walk = walk(x, shape); walk.hasRow(); walk.next()) {
      int at = walk.start(0);
      for (int i = 0; i < walk.length(); i++) {
        out[at] = add.applyAsDouble(out[at], in[walk.target() + i]);
        at += walk.step(0);
      }
    }
    double count = x.size() / (double) Math.max(1, out.length);
    for (int i = 0; i < out.length; i++) {
      out[i] = finish.applyAsDouble(out[i], count);
    }
    return out;
  }

  private long[] integers(Tensor x, Shape shape, LongBinaryOperator function) {
    long[] in = (long[]) x.elements();
    long[] out = Elements.longs(shape);
    Arrays.fill(out, Elements.nearest(x.type(), start));
    for (var walk = walk(x, shape); walk.hasRow(); walk.next()) {
      int at = walk.start(0);
      for (int i = 0; i < walk.length(); i++) {
        out[at] = function.applyAsLong(out[at], in[walk.target() + i]);
        at += walk.step(0);
      }
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = Elements.wrap(x.type(), out[i]);
    }
    return out;
  }

  private static RowWalk walk(Tensor x, Shape shape) {
    return new RowWalk(x.shape(), Axes.strides(shape, x.shape()));
  }

  /** log Σ exp(x - m) + m with the greatest element m, which keeps exp within its range. */
  private static Tensor logSumExp(Call call, List<Integer> axes) {
    Tensor x = Casts.cast(call.input(0), ElementType.DOUBLE);
    Tensor most = Unary.map(MAX.reduce(x, axes), m -> Double.isInfinite(m) ? 0 : m);
    Tensor shifted = Arithmetic.ofReals((a, b) -> StrictMath.exp(a - b)).apply(x, most);
    DoubleUnaryOperator log = StrictMath::log;
    Tensor logs = Unary.map(SUM.reduce(shifted, axes), log);
    Tensor result = Casts.cast(Binary.ADD.apply(logs, most), call.input(0).type());
    return keepsAxes(call) ? result : without(result, axes);
  }
}
