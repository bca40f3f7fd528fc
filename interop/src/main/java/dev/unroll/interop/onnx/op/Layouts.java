package dev.unroll.interop.onnx.op;

import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The same elements under other axes, or in another order. */
final class Layouts {

  /** From this version on the axes are an input of Squeeze and Unsqueeze. */
  private static final int AXES_ARE_INPUT = 13;

  private Layouts() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Identity", 1, call -> List.of(call.input(0))),
        new Definition("Dropout", 7, Layouts::dropout),
        new Definition("Reshape", 5, Layouts::reshape),
        new Definition("Flatten", 1, Layouts::flatten),
        new Definition("Squeeze", 1, call -> List.of(squeeze(call, attributeAxes(call)))),
        new Definition("Squeeze", AXES_ARE_INPUT, call -> List.of(squeeze(call, inputAxes(call)))),
        new Definition("Unsqueeze", 1, call -> List.of(unsqueeze(call, attributeAxes(call)))),
        new Definition(
            "Unsqueeze", AXES_ARE_INPUT, call -> List.of(unsqueeze(call, inputAxes(call)))),
        new Definition("Transpose", 1, Layouts::transpose),
        new Definition("Expand", 8, Layouts::expand),
        new Definition("Tile", 6, Layouts::tile));
  }

  /**
   * Copies what lies at fixed distances along each axis.
   *
   * @param start index of the first element
   * @param strides distance of neighbors along each axis of the result; 0 repeats
   */
  static Tensor view(Tensor source, int start, int[] strides, Shape shape) {
    Object out = Elements.create(source.type(), shape);
    for (var walk = new RowWalk(shape, strides); walk.hasRow(); walk.next()) {
      int step = walk.length() == 1 ? 1 : walk.step(0);
      Elements.copy(
          source.elements(), start + walk.start(0), step, out, walk.target(), walk.length());
    }
    return Tensor.adopt(source.type(), shape, out);
  }

  /** In use, and not in training, nothing is dropped. */
  private static List<Tensor> dropout(Call call) {
    Tensor training = call.optional(2);
    Tensor ratio = call.optional(1);
    if (training != null && Numbers.only(training).longs()[0] != 0) {
      if (ratio == null || Numbers.only(ratio).doubles()[0] != 0) {
        throw new IllegalArgumentException("Dropout is in training mode; export for inference");
      }
    }
    Tensor x = call.input(0);
    if (call.outputs() < 2) {
      return List.of(x);
    }
    boolean[] kept = Elements.booleans(x.shape());
    Arrays.fill(kept, true);
    Tensor mask = Tensor.adopt(ElementType.BOOL, x.shape(), kept);
    return List.of(x, call.opset() < 10 ? Casts.cast(mask, x.type()) : mask);
  }

  private static List<Tensor> reshape(Call call) {
    Tensor x = call.input(0);
    List<Long> wanted = new ArrayList<>(Numbers.list(call.input(1)));
    boolean zeroIsKept = call.attributes().number("allowzero", 0) == 0;
    for (int axis = 0; axis < wanted.size(); axis++) {
      if (wanted.get(axis) == 0 && zeroIsKept) {
        wanted.set(axis, (long) x.shape().axis(Axes.axis(axis, x.shape().rank())));
      }
    }
    int open = wanted.indexOf(-1L);
    if (open >= 0) {
      wanted.set(open, 1L);
      int known = Axes.shape(wanted).size();
      if (known == 0 || x.size() % known != 0) {
        throw new IllegalArgumentException(
            "the shape " + Numbers.list(call.input(1)) + " does not fit " + x);
      }
      wanted.set(open, (long) x.size() / known);
    }
    return List.of(x.reshaped(Axes.shape(wanted)));
  }

  private static List<Tensor> flatten(Call call) {
    Tensor x = call.input(0);
    int rank = x.shape().rank();
    long number = call.attributes().number("axis", 1);
    int axis = number == rank ? rank : Axes.axis(number, rank);
    return List.of(
        x.reshaped(
            Shape.of(Around.product(x.shape(), 0, axis), Around.product(x.shape(), axis, rank))));
  }

  private static @Nullable List<Long> attributeAxes(Call call) {
    Attributes attributes = call.attributes();
    return attributes.has("axes") ? attributes.numbers("axes", List.of()) : null;
  }

  private static @Nullable List<Long> inputAxes(Call call) {
    Tensor axes = call.optional(1);
    return axes == null ? null : Numbers.list(axes);
  }

  /** Without axes all of length 1 are removed. */
  private static Tensor squeeze(Call call, @Nullable List<Long> axes) {
    Tensor x = call.input(0);
    Shape shape = x.shape();
    var removed = new TreeSet<Integer>();
    if (axes != null) {
      removed.addAll(Axes.axes(axes, shape.rank()));
    }
    var left = new ArrayList<Integer>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      int length = shape.axis(axis);
      if (removed.contains(axis) && length != 1) {
        throw new IllegalArgumentException(
            "axis " + axis + " of " + shape + " cannot be removed, it is not 1");
      }
      if (axes == null ? length != 1 : !removed.contains(axis)) {
        left.add(length);
      }
    }
    return x.reshaped(new Shape(left));
  }

  private static Tensor unsqueeze(Call call, @Nullable List<Long> axes) {
    if (axes == null) {
      throw new IllegalArgumentException("Unsqueeze has no axes");
    }
    Tensor x = call.input(0);
    var lengths = new ArrayList<>(x.shape().axes());
    for (int axis : Axes.axes(axes, lengths.size() + axes.size())) {
      lengths.add(axis, 1);
    }
    return x.reshaped(new Shape(lengths));
  }

  private static List<Tensor> transpose(Call call) {
    Tensor x = call.input(0);
    int rank = x.shape().rank();
    List<Long> reversed = LongStream.range(0, rank).map(axis -> rank - 1 - axis).boxed().toList();
    return List.of(transposed(x, call.attributes().numbers("perm", reversed)));
  }

  /** The tensor with its axes in another order. */
  static Tensor transposed(Tensor x, List<Long> order) {
    int rank = x.shape().rank();
    if (Axes.axes(order, rank).size() != rank) {
      throw new IllegalArgumentException("perm is " + order + " for the shape " + x.shape());
    }
    int[] own = x.shape().strides();
    var strides = new int[rank];
    var lengths = new ArrayList<Integer>();
    for (int i = 0; i < rank; i++) {
      int axis = Axes.axis(order.get(i), rank);
      strides[i] = own[axis];
      lengths.add(x.shape().axis(axis));
    }
    return view(x, 0, strides, new Shape(lengths));
  }

  private static List<Tensor> expand(Call call) {
    Tensor x = call.input(0);
    Shape wanted = Axes.shape(Numbers.list(call.input(1)));
    return List.of(expanded(x, Axes.broadcast(List.of(x.shape(), wanted))));
  }

  /** The tensor with all axes that are repeated written out. */
  static Tensor expanded(Tensor x, Shape shape) {
    return x.shape().equals(shape) ? x : view(x, 0, Axes.strides(x.shape(), shape), shape);
  }

  /** A view in which each axis stands twice: how often, with stride 0, and how long. */
  private static List<Tensor> tile(Call call) {
    Tensor x = call.input(0);
    List<Long> repeats = Numbers.list(call.input(1));
    int rank = x.shape().rank();
    if (repeats.size() != rank) {
      throw new IllegalArgumentException("repeats " + repeats + " for the shape " + x.shape());
    }
    var result = new ArrayList<Long>();
    var pairs = new ArrayList<>(Collections.nCopies(2 * rank, 0L));
    var strides = new int[2 * rank];
    int[] own = x.shape().strides();
    for (int axis = 0; axis < rank; axis++) {
      int length = x.shape().axis(axis);
      pairs.set(2 * axis, (long) Axes.length(repeats.get(axis)));
      pairs.set(2 * axis + 1, (long) length);
      strides[2 * axis + 1] = own[axis];
      result.add(Axes.length(repeats.get(axis)) * (long) length);
    }
    return List.of(view(x, 0, strides, Axes.shape(pairs)).reshaped(Axes.shape(result)));
  }
}
