package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Sequences of tensors, which scripted loops of PyTorch collect their steps in. A sequence is a
 * tensor of one axis whose elements are tensors.
 */
final class Sequences {

  /** The longest sequence; each insertion copies it. */
  private static final int LONGEST = 1 << 16;

  private Sequences() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("SequenceEmpty", 11, call -> List.of(of(List.of()))),
        new Definition("SequenceConstruct", 11, Sequences::construct),
        new Definition("SequenceInsert", 11, Sequences::insert),
        new Definition("SequenceErase", 11, Sequences::erase),
        new Definition("SequenceAt", 11, Sequences::at),
        new Definition("SequenceLength", 11, Sequences::length),
        new Definition("ConcatFromSequence", 11, Sequences::concat),
        new Definition("SplitToSequence", 11, Sequences::split));
  }

  private static Tensor of(List<Tensor> tensors) {
    long elements = 0;
    for (Tensor each : tensors) {
      elements += each.size();
    }
    if (tensors.size() > LONGEST || elements > Elements.MOST) {
      throw new IllegalArgumentException(
          "a sequence of "
              + tensors.size()
              + " tensors with "
              + elements
              + " elements is longer than "
              + LONGEST
              + " or larger than "
              + Elements.MOST);
    }
    return Tensor.adopt(
        ElementType.SEQUENCE, Shape.of(tensors.size()), tensors.toArray(Tensor[]::new));
  }

  private static List<Tensor> tensors(Call call) {
    if (call.input(0).elements() instanceof Tensor[] tensors) {
      return List.of(tensors);
    }
    throw new IllegalArgumentException("input 0 is not a sequence but " + call.input(0));
  }

  private static List<Tensor> construct(Call call) {
    var tensors = new ArrayList<Tensor>();
    for (int i = 0; i < call.inputs().size(); i++) {
      tensors.add(call.input(i));
    }
    return List.of(of(tensors));
  }

  private static List<Tensor> insert(Call call) {
    var tensors = new ArrayList<>(tensors(call));
    Tensor added = call.input(1);
    if (added.type() == ElementType.SEQUENCE
        || (!tensors.isEmpty() && tensors.getFirst().type() != added.type())) {
      throw new IllegalArgumentException(added + " does not fit into the sequence");
    }
    Tensor position = call.optional(2);
    int end = tensors.size();
    long place = position == null ? end : Numbers.only(position).longs()[0];
    if (place < -end || place > end) {
      throw new IllegalArgumentException("position " + place + " of " + end);
    }
    tensors.add((int) (place < 0 ? place + end : place), added); // -1: before the last
    return List.of(of(tensors));
  }

  private static List<Tensor> erase(Call call) {
    var tensors = new ArrayList<>(tensors(call));
    Tensor position = call.optional(1);
    tensors.remove(place(position == null ? Tensor.of(new long[] {-1}) : position, tensors.size()));
    return List.of(of(tensors));
  }

  private static List<Tensor> at(Call call) {
    List<Tensor> tensors = tensors(call);
    return List.of(tensors.get(place(call.input(1), tensors.size())));
  }

  /** A place from the start, or negative from the end, among so many. */
  private static int place(Tensor position, int places) {
    long number = Numbers.only(position).longs()[0];
    if (number < -places || number >= places) {
      throw new IllegalArgumentException("position " + number + " of " + places);
    }
    return (int) (number < 0 ? number + places : number);
  }

  private static List<Tensor> length(Call call) {
    return List.of(Tensor.of(new long[] {tensors(call).size()}));
  }

  private static List<Tensor> concat(Call call) {
    List<Tensor> tensors = tensors(call);
    long axis = call.attributes().number("axis", 0);
    if (call.attributes().number("new_axis", 0) == 0) {
      return List.of(Pieces.concat(tensors, axis));
    }
    var widened = new ArrayList<Tensor>();
    for (Tensor each : tensors) {
      var lengths = new ArrayList<>(each.shape().axes());
      lengths.add(Axes.axis(axis, lengths.size() + 1), 1);
      widened.add(each.reshaped(new Shape(lengths)));
    }
    return List.of(Pieces.concat(widened, axis));
  }

  private static List<Tensor> split(Call call) {
    Tensor x = call.input(0);
    int axis = Axes.axis(call.attributes().number("axis", 0), x.shape().rank());
    int length = x.shape().axis(axis);
    Tensor sizes = call.optional(1);
    List<Tensor> parts = Pieces.split(x, axis, sizes == null ? ones(length) : sizes(sizes, length));
    if (sizes != null || call.attributes().number("keepdims", 1) != 0) {
      return List.of(of(parts));
    }
    Shape shape = Axes.without(x.shape(), axis);
    return List.of(of(parts.stream().map(each -> each.reshaped(shape)).toList()));
  }

  private static List<Long> ones(int length) {
    return Collections.nCopies(checked(length), 1L);
  }

  /** One number is the size of all parts but perhaps the last; several are the sizes. */
  private static List<Long> sizes(Tensor sizes, int length) {
    if (sizes.shape().rank() != 0) {
      return Numbers.list(sizes);
    }
    long size = Numbers.only(sizes).longs()[0];
    if (size < 1) {
      throw new IllegalArgumentException("parts of " + size);
    }
    long parts = Math.ceilDiv((long) length, size);
    return LongStream.range(0, checked(parts))
        .mapToObj(part -> Math.min(size, length - part * size))
        .toList();
  }

  private static int checked(long parts) {
    if (parts > LONGEST) {
      throw new IllegalArgumentException(
          "a sequence of " + parts + " tensors is longer than " + LONGEST);
    }
    return (int) parts;
  }
}
