package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Parts of a tensor, and tensors put together. */
final class Pieces {

  private Pieces() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Slice", 1, Pieces::sliceByAttributes),
        new Definition("Slice", 10, Pieces::sliceByInputs),
        new Definition("Split", 2, Pieces::splitByAttribute),
        new Definition("Split", 13, Pieces::splitByInput),
        new Definition("Concat", 4, Pieces::concat),
        new Definition("Trilu", 14, Pieces::trilu),
        new Definition("ReverseSequence", 10, Pieces::reverseSequence));
  }

  private static List<Tensor> sliceByAttributes(Call call) {
    List<Long> starts = call.attributes().numbers("starts", List.of());
    List<Long> ends = call.attributes().numbers("ends", List.of());
    List<Long> axes = call.attributes().numbers("axes", first(starts.size()));
    return List.of(slice(call.input(0), new Cut(starts, ends, axes, ones(starts.size()))));
  }

  private static List<Tensor> sliceByInputs(Call call) {
    List<Long> starts = Numbers.list(call.input(1));
    List<Long> ends = Numbers.list(call.input(2));
    Tensor axes = call.optional(3);
    Tensor steps = call.optional(4);
    return List.of(
        slice(
            call.input(0),
            new Cut(
                starts,
                ends,
                axes == null ? first(starts.size()) : Numbers.list(axes),
                steps == null ? ones(starts.size()) : Numbers.list(steps))));
  }

  private static List<Long> first(int count) {
    return LongStream.range(0, count).boxed().toList();
  }

  private static List<Long> ones(int count) {
    return Collections.nCopies(count, 1L);
  }

  private record Cut(List<Long> starts, List<Long> ends, List<Long> axes, List<Long> steps) {
    Cut {
      int count = starts.size();
      if (ends.size() != count || axes.size() != count || steps.size() != count) {
        throw new IllegalArgumentException(
            "starts, ends, axes and steps are not as many: " + List.of(starts, ends, axes, steps));
      }
    }
  }

  private static Tensor slice(Tensor x, Cut bounds) {
    int rank = x.shape().rank();
    Axes.axes(bounds.axes, rank); // each one once
    int[] strides = x.shape().strides();
    var lengths = new ArrayList<>(x.shape().axes());
    int offset = 0;
    for (int i = 0; i < bounds.axes.size(); i++) {
      int axis = Axes.axis(bounds.axes.get(i), rank);
      int length = x.shape().axis(axis);
      long step = bounds.steps.get(i);
      if (step == 0) {
        throw new IllegalArgumentException("a step of a slice is 0");
      }
      long most = step > 0 ? length : length - 1L;
      long least = step > 0 ? 0 : -1;
      long from = clamp(fromStart(bounds.starts.get(i), length), 0, most);
      long to = clamp(fromStart(bounds.ends.get(i), length), least, most);
      long count = length == 0 ? 0 : Math.max(0, Math.ceilDiv(to - from, step));
      lengths.set(axis, (int) count);
      if (count > 0) {
        offset += (int) from * strides[axis];
        strides[axis] = count == 1 ? 0 : (int) (strides[axis] * step);
      }
    }
    var shape = new Shape(lengths);
    return Layouts.view(x, shape.size() == 0 ? 0 : offset, strides, shape);
  }

  private static long clamp(long place, long least, long most) {
    return Math.max(least, Math.min(most, place));
  }

  /** Negative places count from the end. */
  private static long fromStart(long place, int length) {
    return place < 0 ? place + length : place;
  }

  private static List<Tensor> splitByAttribute(Call call) {
    int axis = splitAxis(call);
    int length = call.input(0).shape().axis(axis);
    List<Long> even = even(length, call.outputs());
    return split(call.input(0), axis, call.attributes().numbers("split", even));
  }

  private static List<Tensor> splitByInput(Call call) {
    int axis = splitAxis(call);
    int length = call.input(0).shape().axis(axis);
    Tensor sizes = call.optional(1);
    if (sizes != null) {
      return split(call.input(0), axis, Numbers.list(sizes));
    }
    long parts = call.attributes().number("num_outputs", call.outputs());
    if (parts < call.outputs() || parts > Math.max(length, call.outputs())) {
      throw new IllegalArgumentException("num_outputs is " + parts);
    }
    return split(call.input(0), axis, even(length, (int) parts));
  }

  private static int splitAxis(Call call) {
    return Axes.axis(call.attributes().number("axis", 0), call.input(0).shape().rank());
  }

  /** Parts of equal size; the last one is smaller where it does not come out even. */
  private static List<Long> even(int length, int parts) {
    int size = Math.ceilDiv(length, Math.max(1, parts));
    return IntStream.range(0, parts)
        .mapToLong(part -> Math.clamp((long) length - (long) part * size, 0, size))
        .boxed()
        .toList();
  }

  /** A tensor cut along one of its axes. */
  static List<Tensor> split(Tensor x, int axis, List<Long> sizes) {
    long sum = sizes.stream().mapToLong(size -> Axes.length(size)).sum();
    if (sum != x.shape().axis(axis)) {
      throw new IllegalArgumentException(
          "parts of " + sizes + " of an axis of " + x.shape().axis(axis));
    }
    int[] strides = x.shape().strides();
    var parts = new ArrayList<Tensor>();
    int start = 0;
    for (long size : sizes) {
      Shape shape = Axes.with(x.shape(), axis, size);
      parts.add(Layouts.view(x, shape.size() == 0 ? 0 : start * strides[axis], strides, shape));
      start += (int) size;
    }
    return parts;
  }

  private static List<Tensor> concat(Call call) {
    var parts = new ArrayList<Tensor>();
    for (int i = 0; i < call.inputs().size(); i++) {
      parts.add(call.input(i));
    }
    return List.of(concat(parts, call.attributes().number("axis", 0)));
  }

  /** Tensors put together along one of their axes. */
  static Tensor concat(List<Tensor> parts, long along) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("there are no tensors to put together");
    }
    Tensor first = parts.getFirst();
    int axis = Axes.axis(along, first.shape().rank());
    long length = 0;
    for (Tensor part : parts) {
      if (part.shape().rank() != first.shape().rank()
          || part.type() != first.type()
          || !Axes.with(part.shape(), axis, 0).equals(Axes.with(first.shape(), axis, 0))) {
        throw new IllegalArgumentException("along axis " + axis + " these do not fit: " + parts);
      }
      length += part.shape().axis(axis);
    }
    Shape shape = Axes.with(first.shape(), axis, length);
    Object out = Elements.create(first.type(), shape);
    var around = new Around(shape, axis);
    int place = 0;
    for (Tensor part : parts) {
      int count = part.shape().axis(axis);
      int block = count * around.inner();
      for (int before = 0; before < around.outer(); before++) {
        System.arraycopy(part.elements(), before * block, out, around.at(before, place, 0), block);
      }
      place += count;
    }
    return Tensor.adopt(first.type(), shape, out);
  }

  /** Keeps the upper or lower triangle of each matrix; the rest is 0. */
  private static List<Tensor> trilu(Call call) {
    Tensor x = call.input(0);
    Tensor shift = call.optional(1);
    long k = shift == null ? 0 : Numbers.only(shift).longs()[0];
    boolean upper = call.attributes().number("upper", 1) != 0;
    int rank = x.shape().rank();
    if (rank < 2) {
      throw new IllegalArgumentException("there is no triangle of the shape " + x.shape());
    }
    Object out = Elements.create(x.type(), x.shape());
    int rows = x.shape().axis(-2);
    int columns = x.shape().axis(-1);
    for (int row = 0; row < x.size() / Math.max(1, columns); row++) {
      long diagonal = row % rows + clamp(k, -rows - 1L, columns + 1L);
      int from = upper ? (int) clamp(diagonal, 0, columns) : 0;
      int to = upper ? columns : (int) clamp(diagonal + 1, 0, columns);
      System.arraycopy(x.elements(), row * columns + from, out, row * columns + from, to - from);
    }
    return List.of(Tensor.adopt(x.type(), x.shape(), out));
  }

  /** Turns the first elements of each sequence around; the rest stays. */
  private static List<Tensor> reverseSequence(Call call) {
    Tensor x = call.input(0);
    long[] lengths = call.input(1).longs();
    long batchAxis = call.attributes().number("batch_axis", 1);
    long timeAxis = call.attributes().number("time_axis", 0);
    if (batchAxis + timeAxis != 1 || batchAxis * timeAxis != 0 || x.shape().rank() < 2) {
      throw new IllegalArgumentException("batch_axis and time_axis must be 0 and 1");
    }
    int steps = x.shape().axis((int) timeAxis);
    int batch = x.shape().axis((int) batchAxis);
    if (lengths.length != batch) {
      throw new IllegalArgumentException(lengths.length + " lengths for a batch of " + batch);
    }
    int[] strides = x.shape().strides();
    int inner = strides[1];
    Object out = Elements.create(x.type(), x.shape());
    for (int sequence = 0; sequence < batch; sequence++) {
      long length = lengths[sequence];
      if (length < 0 || length > steps) {
        throw new IllegalArgumentException("a sequence of " + length + " of " + steps + " steps");
      }
      for (int step = 0; step < steps; step++) {
        int source = step < length ? (int) length - 1 - step : step;
        int row = sequence * strides[(int) batchAxis];
        int stride = strides[(int) timeAxis];
        System.arraycopy(x.elements(), row + source * stride, out, row + step * stride, inner);
      }
    }
    return List.of(Tensor.adopt(x.type(), x.shape(), out));
  }
}
