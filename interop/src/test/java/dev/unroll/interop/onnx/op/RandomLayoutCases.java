package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.RandomShapes.list;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Random calls of operators that move, choose and repeat elements. */
final class RandomLayoutCases {

  private RandomLayoutCases() {}

  static Map<String, Function<RandomShapes, OperatorCase>> all() {
    var all = new TreeMap<String, Function<RandomShapes, OperatorCase>>();
    all.put("Slice", RandomLayoutCases::slice);
    all.put("Split", RandomLayoutCases::split);
    all.put("Concat", RandomLayoutCases::concat);
    all.put("Reshape", RandomLayoutCases::reshape);
    all.put("Squeeze", RandomLayoutCases::squeeze);
    all.put("Unsqueeze", RandomLayoutCases::unsqueeze);
    all.put("Transpose", RandomLayoutCases::transpose);
    all.put("Flatten", RandomLayoutCases::flatten);
    all.put("Expand", RandomLayoutCases::expand);
    all.put("Tile", RandomLayoutCases::tile);
    all.put("Pad", RandomLayoutCases::pad);
    all.put("Trilu", RandomLayoutCases::trilu);
    all.put("Gather", RandomLayoutCases::gather);
    all.put("GatherElements", RandomLayoutCases::gatherElements);
    all.put("GatherND", RandomLayoutCases::gatherBlocks);
    all.put("ScatterElements", RandomLayoutCases::scatterElements);
    all.put("NonZero", r -> of("NonZero", r.tensor(r.type(), r.shape(1, 3))));
    all.put("Compress", RandomLayoutCases::compress);
    all.put("OneHot", RandomLayoutCases::oneHot);
    all.put("Shape", RandomLayoutCases::shape);
    all.put("Range", RandomLayoutCases::range);
    all.put("ReverseSequence", RandomLayoutCases::reverse);
    return all;
  }

  private static Tensor anything(RandomShapes r, int leastRank, int mostRank) {
    return r.tensor(r.type(), r.shape(leastRank, mostRank));
  }

  private static OperatorCase slice(RandomShapes r) {
    Tensor x = anything(r, 1, 4);
    List<Long> axes = r.axes(x.shape().rank());
    int count = axes.size();
    List<Long> starts = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starts.add(place(r));
      steps.add(r.any(1L, 1L, 2L, -1L, -2L, 3L, -3L, Long.MAX_VALUE));
      long end = place(r);
      boolean last = steps.getLast() < 0 && end >= Integer.MAX_VALUE;
      ends.add(last ? Long.MIN_VALUE : end); // backward ONNX Runtime takes both for the first
    }
    if (r.once(4)) {
      return of("Slice", x)
          .opset(r.any(7, 9))
          .with("starts", starts)
          .with("ends", ends)
          .with("axes", axes);
    }
    int opset = r.any(10, 11, 13);
    return r.once(4)
        ? of("Slice", x, list(starts), list(ends), list(axes)).opset(opset)
        : of("Slice", x, list(starts), list(ends), list(axes), list(steps)).opset(opset);
  }

  private static long place(RandomShapes r) {
    return r.once(4)
        ? r.any(Long.MAX_VALUE, Long.MIN_VALUE, (long) Integer.MAX_VALUE, -1L, 0L)
        : r.between(-5, 5);
  }

  private static OperatorCase split(RandomShapes r) {
    Tensor x = anything(r, 1, 3);
    long axis = r.axis(x.shape().rank());
    int length = x.shape().axis((int) axis);
    OperatorCase plain = of("Split", x).with("axis", axis);
    if (r.once(2)) {
      int parts = r.between(1, 3);
      OperatorCase even = plain.outputs(parts);
      return r.once(2) ? even.opset(18).with("num_outputs", (long) parts) : even.opset(11);
    }
    int first = r.between(0, length);
    List<Long> sizes = List.of((long) first, (long) length - first);
    return r.once(3)
        ? plain.opset(r.any(7, 11)).with("split", sizes).outputs(2)
        : of("Split", x, list(sizes)).opset(r.any(13, 18)).with("axis", axis).outputs(2);
  }

  private static OperatorCase concat(RandomShapes r) {
    int[] shape = r.shape(1, 3);
    ElementType type = r.type();
    int rank = shape.length;
    long axis = r.axis(rank);
    Tensor[] parts = new Tensor[r.between(1, 4)];
    for (int i = 0; i < parts.length; i++) {
      shape[(int) (axis < 0 ? axis + rank : axis)] = r.between(0, 3);
      parts[i] = r.tensor(type, shape.clone());
    }
    return of("Concat", parts).opset(r.any(7, 11, 13)).with("axis", axis);
  }

  private static OperatorCase reshape(RandomShapes r) {
    Tensor x = anything(r, 0, 4);
    int size = x.size();
    List<Long> wanted = new ArrayList<>();
    long left = size;
    for (int i = r.between(0, 3); i > 0; i--) {
      long part = r.any(1L, 2L, 3L, left);
      if (part > 0 && left % part == 0) {
        wanted.add(part);
        left /= part;
      }
    }
    wanted.add(r.once(2) ? -1 : left);
    int kept = r.below(wanted.size());
    if (kept < x.shape().rank() && x.shape().axis(kept) == wanted.get(kept)) {
      wanted.set(kept, 0L);
    }
    OperatorCase each = of("Reshape", x, list(wanted)).opset(r.any(7, 13, 14, 21));
    return each.opset() >= 14 && r.once(2) ? each.with("allowzero", 1L) : each;
  }

  private static OperatorCase squeeze(RandomShapes r) {
    int[] shape = IntStream.of(r.shape(1, 4)).map(axis -> r.once(2) ? 1 : axis).toArray();
    Tensor x = r.tensor(r.type(), shape);
    List<Long> ones =
        LongStream.range(0, shape.length)
            .filter(axis -> shape[(int) axis] == 1)
            .map(axis -> r.once(2) ? axis : axis - shape.length)
            .boxed()
            .toList();
    if (ones.isEmpty() || r.once(3)) {
      return of("Squeeze", x).opset(r.any(7, 11, 13));
    }
    return r.once(2)
        ? of("Squeeze", x).with("axes", ones).opset(11)
        : of("Squeeze", x, list(ones)).opset(r.any(13, 21));
  }

  private static OperatorCase unsqueeze(RandomShapes r) {
    Tensor x = anything(r, 0, 3);
    List<Long> axes = r.axes(x.shape().rank() + r.between(1, 2));
    int added = axes.size();
    List<Long> fitting =
        axes.stream().filter(a -> a < x.shape().rank() + added && a >= -x.shape().rank()).toList();
    return r.once(2)
        ? of("Unsqueeze", x).with("axes", fitting.isEmpty() ? List.of(0L) : fitting).opset(11)
        : of("Unsqueeze", x, list(fitting)).opset(r.any(13, 21));
  }

  private static OperatorCase transpose(RandomShapes r) {
    Tensor x = anything(r, 1, 4);
    int rank = x.shape().rank();
    List<Long> order = new ArrayList<>();
    for (long axis = 0; axis < rank; axis++) {
      order.add(r.below(order.size() + 1), axis);
    }
    OperatorCase each = of("Transpose", x).opset(r.any(7, 13, 21));
    return r.once(4) ? each : each.with("perm", order);
  }

  private static OperatorCase flatten(RandomShapes r) {
    Tensor x = anything(r, 1, 4);
    int rank = x.shape().rank();
    return of("Flatten", x).opset(r.any(11, 13)).with("axis", (long) r.between(-rank, rank));
  }

  private static OperatorCase expand(RandomShapes r) {
    int[] shape = r.shape(0, 4);
    long[] wanted =
        IntStream.range(0, shape.length).mapToLong(i -> r.once(4) ? 1 : shape[i]).toArray();
    return of("Expand", r.tensor(r.type(), r.narrower(shape)), Samples.list(wanted));
  }

  private static OperatorCase tile(RandomShapes r) {
    Tensor x = anything(r, 1, 3);
    long[] repeats = IntStream.range(0, x.shape().rank()).mapToLong(i -> r.between(0, 3)).toArray();
    return of("Tile", x, Samples.list(repeats)).opset(r.any(7, 13));
  }

  private static OperatorCase pad(RandomShapes r) {
    Tensor x = r.tensor(r.once(2) ? ElementType.FLOAT : ElementType.INT64, r.filled(1, 3));
    int rank = x.shape().rank();
    String mode = r.any("constant", "constant", "edge", "reflect");
    long[] pads =
        IntStream.range(0, 2 * rank)
            .mapToLong(
                i -> {
                  int length = x.shape().axis(i % rank);
                  return mode.equals("reflect") ? r.below(length) : r.between(-length / 3, 3);
                })
            .toArray();
    Tensor value = r.once(2) ? null : Casts.cast(scalar(7), x.type());
    return of("Pad", x, Samples.list(pads), value).opset(r.any(11, 13, 18)).with("mode", mode);
  }

  private static OperatorCase trilu(RandomShapes r) {
    Tensor x = r.tensor(r.any(ElementType.FLOAT, ElementType.INT64), r.shape(2, 4));
    OperatorCase each = of("Trilu", x, r.once(3) ? null : scalar(r.between(-5, 5)));
    return each.with("upper", r.any(0L, 1L));
  }

  private static OperatorCase gather(RandomShapes r) {
    Tensor x = r.tensor(r.type(), r.filled(1, 4));
    long axis = r.axis(x.shape().rank());
    Tensor indices = r.indices(x.shape().axis((int) axis), r.shape(0, 3));
    return of("Gather", x, indices).opset(r.any(11, 13)).with("axis", axis);
  }

  private static OperatorCase gatherElements(RandomShapes r) {
    Tensor x = r.tensor(r.type(), r.filled(1, 4));
    long axis = r.axis(x.shape().rank());
    return of("GatherElements", x, r.indices(x.shape().axis((int) axis), chosen(r, x, axis)))
        .opset(r.any(11, 13))
        .with("axis", axis);
  }

  /** A shape of indices: along the axis of any length, along others not longer than x. */
  private static int[] chosen(RandomShapes r, Tensor x, long axis) {
    int rank = x.shape().rank();
    int[] shape = IntStream.range(0, rank).map(i -> r.between(1, x.shape().axis(i))).toArray();
    shape[(int) (axis < 0 ? axis + rank : axis)] = r.between(0, 5);
    return shape;
  }

  private static OperatorCase gatherBlocks(RandomShapes r) {
    int[] shape = r.filled(1, 4);
    int depth = r.between(1, shape.length);
    int least = IntStream.of(shape).limit(depth).min().orElseThrow();
    int[] outer = r.shape(0, 2);
    int[] places = IntStream.concat(IntStream.of(outer), IntStream.of(depth)).toArray();
    Tensor indices = r.samples().longs(-least, least - 1L, places);
    return of("GatherND", r.tensor(r.type(), shape), indices).opset(r.any(11, 12, 13));
  }

  private static OperatorCase scatterElements(RandomShapes r) {
    ElementType type = r.any(ElementType.FLOAT, ElementType.INT64, ElementType.DOUBLE);
    Tensor x = r.tensor(type, r.filled(1, 3));
    long axis = r.axis(x.shape().rank());
    int[] places = chosen(r, x, axis);
    Tensor indices = r.indices(x.shape().axis((int) axis), places);
    OperatorCase each =
        of("ScatterElements", x, indices, r.tensor(type, places)).with("axis", axis);
    return r.once(3)
        ? each.opset(11)
        : each.opset(18).with("reduction", r.any("add", "mul", "min", "max"));
  }

  private static OperatorCase compress(RandomShapes r) {
    Tensor x = r.tensor(r.type(), r.filled(1, 3));
    if (r.once(3)) {
      return of("Compress", x, r.samples().booleans(r.between(1, x.size())));
    }
    long axis = r.axis(x.shape().rank());
    Tensor kept = r.samples().booleans(r.between(1, x.shape().axis((int) axis)));
    return of("Compress", x, kept).opset(11).with("axis", axis);
  }

  private static OperatorCase oneHot(RandomShapes r) {
    int depth = r.between(1, 4);
    int[] shape = r.filled(1, 3);
    ElementType type = r.any(ElementType.INT64, ElementType.INT32, ElementType.FLOAT);
    Tensor indices = Casts.cast(r.samples().longs(-depth - 1, depth, shape), type);
    Tensor values = r.tensor(r.any(ElementType.FLOAT, ElementType.INT64), 2);
    return of("OneHot", indices, scalar(depth), values)
        .opset(r.any(9, 11))
        .with("axis", (long) r.between(-shape.length - 1, shape.length));
  }

  private static OperatorCase shape(RandomShapes r) {
    OperatorCase each = of("Shape", anything(r, 0, 4)).opset(r.any(15, 19));
    each = r.once(3) ? each : each.with("start", (long) r.between(-6, 6));
    return r.once(3) ? each : each.with("end", (long) r.between(-6, 6));
  }

  private static OperatorCase range(RandomShapes r) {
    ElementType type =
        r.any(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32, ElementType.INT64);
    float scale = type.isFloating() ? 0.25f : 1;
    float step = r.any(1f, 2f, -1f, -3f);
    Tensor start = Casts.cast(scalar(scale * r.between(-9, 9)), type);
    Tensor limit = Casts.cast(scalar(scale * r.between(-9, 9)), type);
    return of("Range", start, limit, Casts.cast(scalar(scale * step), type));
  }

  private static OperatorCase reverse(RandomShapes r) {
    int[] shape = r.filled(2, 4);
    boolean batchFirst = r.once(2);
    int steps = shape[batchFirst ? 1 : 0];
    Tensor lengths = r.samples().longs(1, steps, shape[batchFirst ? 0 : 1]);
    return of("ReverseSequence", r.tensor(ElementType.FLOAT, shape), lengths)
        .with("batch_axis", batchFirst ? 0L : 1L)
        .with("time_axis", batchFirst ? 1L : 0L);
  }
}
