package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Elements that indices, conditions or one another choose. */
final class Gathers {

  private Gathers() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Gather", 1, Gathers::gather),
        new Definition("GatherElements", 11, Gathers::gatherElements),
        new Definition("GatherND", 11, Gathers::gatherBlocks),
        new Definition("Where", 9, Gathers::where),
        new Definition("NonZero", 9, Gathers::nonZero),
        new Definition("Compress", 9, Gathers::compress));
  }

  /**
   * An index counted from 0; negative ones count from the end.
   *
   * @throws IllegalArgumentException if it is outside
   */
  static int index(long index, int length) {
    if (index < -length || index >= length) {
      throw new IllegalArgumentException("index " + index + " is outside of " + length);
    }
    return (int) (index < 0 ? index + length : index);
  }

  /** The rows of an embedding, along any axis. */
  private static List<Tensor> gather(Call call) {
    Tensor x = call.input(0);
    Tensor indices = integers(call.input(1));
    int axis = Axes.axis(call.attributes().number("axis", 0), x.shape().rank());
    var lengths = new ArrayList<>(Axes.without(x.shape(), axis).axes());
    lengths.addAll(axis, indices.shape().axes());
    var shape = new Shape(lengths);
    Object out = Elements.create(x.type(), shape);
    var around = new Around(x.shape(), axis);
    long[] places = (long[]) indices.elements();
    int block = around.inner();
    int target = 0;
    for (int before = 0; before < around.outer(); before++) {
      for (long place : places) {
        int source = around.at(before, index(place, around.length()), 0);
        System.arraycopy(x.elements(), source, out, target, block);
        target += block;
      }
    }
    return List.of(Tensor.adopt(x.type(), shape, out));
  }

  private static List<Tensor> gatherElements(Call call) {
    Tensor x = call.input(0);
    Tensor indices = integers(call.input(1));
    int axis = Axes.axis(call.attributes().number("axis", 0), x.shape().rank());
    int[] sources = sources(x.shape(), indices, axis);
    Object out = Elements.create(x.type(), indices.shape());
    for (int i = 0; i < sources.length; i++) {
      System.arraycopy(x.elements(), sources[i], out, i, 1);
    }
    return List.of(Tensor.adopt(x.type(), indices.shape(), out));
  }

  /**
   * For each index the element of a tensor at the index's own place, but for one axis, along which
   * it is where the index says.
   */
  static int[] sources(Shape shape, Tensor indices, int axis) {
    Shape chosen = indices.shape();
    boolean fits = chosen.rank() == shape.rank();
    for (int i = 0; fits && i < chosen.rank(); i++) {
      fits = i == axis || chosen.axis(i) <= shape.axis(i);
    }
    if (!fits) {
      throw new IllegalArgumentException("indices of " + chosen + " into " + shape);
    }
    long[] places = (long[]) indices.elements();
    int[] strides = shape.strides();
    int stride = strides[axis];
    strides[axis] = 0;
    var sources = new int[places.length];
    for (var walk = new RowWalk(chosen, strides); walk.hasRow(); walk.next()) {
      for (int i = 0; i < walk.length(); i++) {
        int at = walk.target() + i;
        int along = index(places[at], shape.axis(axis)) * stride;
        sources[at] = walk.start(0) + i * walk.step(0) + along;
      }
    }
    return sources;
  }

  private static List<Tensor> gatherBlocks(Call call) {
    Tensor x = call.input(0);
    Tensor indices = integers(call.input(1));
    int batch = Math.clamp(call.attributes().number("batch_dims", 0), -1, 64);
    Shape from = indices.shape();
    int depth = from.rank() == 0 ? 0 : from.axis(-1);
    int rank = x.shape().rank();
    boolean fits = depth > 0 && batch >= 0 && batch < from.rank() && batch + depth <= rank;
    if (!fits || !x.shape().axes().subList(0, batch).equals(from.axes().subList(0, batch))) {
      throw new IllegalArgumentException(
          "indices of " + from + " into " + x.shape() + ", batch_dims " + batch);
    }
    var lengths = new ArrayList<>(from.axes().subList(0, from.rank() - 1));
    lengths.addAll(x.shape().axes().subList(batch + depth, rank));
    var shape = new Shape(lengths);
    Object out = Elements.create(x.type(), shape);
    int block = Around.product(x.shape(), batch + depth, rank);
    int perBatch = Around.product(from, batch, from.rank() - 1);
    int batchStride = Around.product(x.shape(), batch, rank);
    int blocks = indices.size() / depth;
    for (int i = 0; i < blocks; i++) {
      int source = i / perBatch * batchStride + place(x.shape(), batch, indices, i);
      System.arraycopy(x.elements(), source, out, i * block, block);
    }
    return List.of(Tensor.adopt(x.type(), shape, out));
  }

  /** Where the block begins that the last axis of some indices names. */
  static int place(Shape shape, int firstAxis, Tensor indices, int row) {
    long[] places = (long[]) indices.elements();
    int depth = indices.shape().axis(-1);
    int[] strides = shape.strides();
    int offset = 0;
    for (int i = 0; i < depth; i++) {
      int axis = firstAxis + i;
      offset += index(places[row * depth + i], shape.axis(axis)) * strides[axis];
    }
    return offset;
  }

  private static List<Tensor> where(Call call) {
    boolean[] condition = truths(call.input(0));
    Tensor yes = call.input(1);
    Tensor no = call.input(2);
    if (yes.type() != no.type()) {
      throw new IllegalArgumentException("the types differ: " + yes + " and " + no);
    }
    Shape chosen = call.input(0).shape();
    Shape shape = Axes.broadcast(List.of(chosen, yes.shape(), no.shape()));
    Object out = Elements.create(yes.type(), shape);
    var walk =
        new RowWalk(
            shape,
            Axes.strides(chosen, shape),
            Axes.strides(yes.shape(), shape),
            Axes.strides(no.shape(), shape));
    for (; walk.hasRow(); walk.next()) {
      for (int i = 0; i < walk.length(); i++) {
        boolean first = condition[walk.start(0) + i * walk.step(0)];
        int source = first ? 1 : 2;
        int at = walk.start(source) + i * walk.step(source);
        System.arraycopy((first ? yes : no).elements(), at, out, walk.target() + i, 1);
      }
    }
    return List.of(Tensor.adopt(yes.type(), shape, out));
  }

  /** The places of all elements that are not 0, a column each. */
  private static List<Tensor> nonZero(Call call) {
    Tensor x = call.input(0);
    boolean[] chosen = (boolean[]) Casts.cast(x, ElementType.BOOL).elements();
    int count = 0;
    for (boolean each : chosen) {
      count += each ? 1 : 0;
    }
    int rank = x.shape().rank();
    Shape shape = Shape.of(rank, count);
    long[] out = Elements.longs(shape);
    int[] strides = x.shape().strides();
    int column = 0;
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        for (int axis = 0; axis < rank; axis++) {
          out[axis * count + column] = i / strides[axis] % x.shape().axis(axis);
        }
        column++;
      }
    }
    return List.of(Tensor.adopt(ElementType.INT64, shape, out));
  }

  /** Keeps the places along an axis, or of all elements, for which the condition holds. */
  private static List<Tensor> compress(Call call) {
    Tensor x = call.input(0);
    boolean[] condition = truths(call.input(1));
    boolean flat = !call.attributes().has("axis");
    Tensor source = flat ? x.reshaped(Shape.of(x.size())) : x;
    int axis = Axes.axis(call.attributes().number("axis", 0), source.shape().rank());
    var around = new Around(source.shape(), axis);
    if (condition.length > around.length()) {
      throw new IllegalArgumentException(
          condition.length + " conditions for an axis of " + around.length());
    }
    int[] kept = new int[condition.length];
    int count = 0;
    for (int i = 0; i < condition.length; i++) {
      if (condition[i]) {
        kept[count++] = i;
      }
    }
    Shape shape = Axes.with(source.shape(), axis, count);
    Object out = Elements.create(x.type(), shape);
    int target = 0;
    for (int before = 0; before < around.outer(); before++) {
      for (int place : Arrays.copyOf(kept, count)) {
        int at = around.at(before, place, 0);
        System.arraycopy(source.elements(), at, out, target, around.inner());
        target += around.inner();
      }
    }
    return List.of(Tensor.adopt(x.type(), shape, out));
  }

  private static boolean[] truths(Tensor condition) {
    if (condition.elements() instanceof boolean[] values) {
      return values;
    }
    throw new IllegalArgumentException("a condition must be bool, not " + condition);
  }

  /** The tensor, if its elements are whole numbers. */
  static Tensor integers(Tensor indices) {
    if (!indices.type().isInteger()) {
      throw new IllegalArgumentException("indices must be integers, not " + indices);
    }
    return indices;
  }
}
