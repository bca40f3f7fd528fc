package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values kept within bounds, and tensors extended beyond theirs. */
final class Bounds {

  private Bounds() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Clip", 6, Bounds::clipByAttributes),
        new Definition(
            "Clip", 11, call -> List.of(clip(call.input(0), call.optional(1), call.optional(2)))),
        new Definition("Pad", 2, Bounds::padByAttributes),
        new Definition("Pad", 11, Bounds::padByInputs));
  }

  private static List<Tensor> clipByAttributes(Call call) {
    Tensor x = call.input(0);
    return List.of(clip(x, bound(call, "min", x), bound(call, "max", x)));
  }

  private static @Nullable Tensor bound(Call call, String name, Tensor x) {
    return call.attributes().has(name)
        ? Casts.cast(Tensor.of(new float[] {call.attributes().real(name, 0)}), x.type())
        : null;
  }

  /** Where the bounds are the wrong way round, the upper one counts. */
  private static Tensor clip(Tensor x, @Nullable Tensor least, @Nullable Tensor most) {
    Tensor raised = least == null ? x : Binary.MAX.apply(x, scalar(least));
    return most == null ? raised : Binary.MIN.apply(raised, scalar(most));
  }

  private static Tensor scalar(Tensor bound) {
    return Numbers.only(bound).reshaped(Shape.of());
  }

  private static List<Tensor> padByAttributes(Call call) {
    Tensor x = call.input(0);
    Tensor value = Tensor.of(new float[] {call.attributes().real("value", 0)});
    return List.of(
        pad(call, call.attributes().numbers("pads", List.of()), Casts.cast(value, x.type())));
  }

  private static List<Tensor> padByInputs(Call call) {
    Tensor x = call.input(0);
    Tensor given = call.optional(2);
    Tensor value = given == null ? Casts.cast(Tensor.of(new float[1]), x.type()) : given;
    if (value.type() != x.type()) {
      throw new IllegalArgumentException("a value of " + value + " for " + x);
    }
    List<Long> pads = Numbers.list(call.input(1));
    Tensor axes = call.optional(3);
    if (axes == null) {
      return List.of(pad(call, pads, value));
    }
    int rank = x.shape().rank();
    List<Long> named = Numbers.list(axes);
    Axes.axes(named, rank); // each one once
    if (pads.size() != 2 * named.size()) {
      throw new IllegalArgumentException(pads.size() + " pads for the axes " + named);
    }
    var all = new ArrayList<>(Collections.nCopies(2 * rank, 0L));
    for (int i = 0; i < named.size(); i++) {
      int axis = Axes.axis(named.get(i), rank);
      all.set(axis, pads.get(i));
      all.set(rank + axis, pads.get(named.size() + i));
    }
    return List.of(pad(call, all, value));
  }

  /** Pads one axis after the other: first those before, then those after each axis. */
  private static Tensor pad(Call call, List<Long> pads, Tensor value) {
    Tensor x = call.input(0);
    int rank = x.shape().rank();
    if (pads.size() != 2 * rank) {
      throw new IllegalArgumentException(pads.size() + " pads for " + rank + " axes");
    }
    String mode = call.attributes().text("mode", "constant");
    for (int axis = 0; axis < rank; axis++) {
      long before = pads.get(axis);
      int length = x.shape().axis(axis);
      long after = pads.get(rank + axis);
      int padded = Axes.length(inRange(before) + length + inRange(after));
      Elements.checked(Axes.with(x.shape(), axis, padded));
      Elements.checked(Shape.of(padded));
      if (before != 0 || padded != length) {
        var sources = new int[padded];
        for (int i = 0; i < padded; i++) {
          sources[i] = source(mode, i - before, length);
        }
        x = taken(x, axis, sources, Numbers.only(value));
      }
    }
    return x;
  }

  private static long inRange(long pad) {
    if (Math.abs(pad) > Shape.MOST_ELEMENTS || pad == Long.MIN_VALUE) {
      throw new IllegalArgumentException("a pad of " + pad + " elements");
    }
    return pad;
  }

  /** Which element stands at a place before, in or after an axis; -1 for the value. */
  private static int source(String mode, long place, int length) {
    boolean inside = place >= 0 && place < length;
    if (!inside && length == 0 && !mode.equals("constant")) {
      throw new IllegalArgumentException("there is nothing to repeat along an empty axis");
    }
    return switch (mode) {
      case "constant" -> inside ? (int) place : -1;
      case "edge" -> (int) Math.max(0, Math.min(length - 1L, place));
      case "wrap" -> (int) Math.floorMod(place, (long) length);
      case "reflect" -> {
        int turn = Math.max(1, 2 * (length - 1));
        int along = Math.floorMod(place, turn);
        yield Math.min(along, turn - along) % length;
      }
      default -> throw new IllegalArgumentException("mode is " + mode);
    };
  }

  private static Tensor taken(Tensor x, int axis, int[] sources, Tensor value) {
    Shape shape = Axes.with(x.shape(), axis, sources.length);
    Tensor out = Constants.filled(value, shape);
    var from = new Around(x.shape(), axis);
    var to = new Around(shape, axis);
    for (int before = 0; before < to.outer(); before++) {
      for (int i = 0; i < sources.length; i++) {
        if (sources[i] >= 0) {
          int source = from.at(before, sources[i], 0);
          System.arraycopy(x.elements(), source, out.elements(), to.at(before, i, 0), to.inner());
        }
      }
    }
    return out;
  }
}
