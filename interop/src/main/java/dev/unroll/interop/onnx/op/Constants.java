package dev.unroll.interop.onnx.op;

import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Tensors from nothing but attributes, shapes and numbers. */
final class Constants {

  /** Differences up to here cannot overflow. */
  private static final double FARTHEST = 0x1p62;

  private Constants() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Constant", 1, call -> List.of(constant(call.attributes()))),
        new Definition("ConstantOfShape", 9, Constants::constantOfShape),
        new Definition("Range", 11, Constants::range),
        new Definition("EyeLike", 9, Constants::eyeLike),
        new Definition("OneHot", 9, Constants::oneHot),
        new Definition("Shape", 1, Constants::shape),
        new Definition("Size", 1, call -> List.of(Tensor.of(new long[] {call.input(0).size()}))));
  }

  private static Tensor constant(Attributes attributes) {
    if (attributes.values().size() != 1) {
      throw new IllegalArgumentException("a constant needs one value");
    }
    String kind = attributes.values().keySet().iterator().next();
    return switch (kind) {
      case "value", "sparse_value" -> attributes.tensor(kind).orElseThrow();
      case "value_int" -> Tensor.of(new long[] {attributes.number(kind, 0)});
      case "value_float" -> Tensor.of(new float[] {attributes.real(kind, 0)});
      case "value_string" -> texts(Shape.of(), attributes.text(kind, ""));
      case "value_ints" -> {
        long[] values =
            attributes.numbers(kind, List.of()).stream().mapToLong(Long::longValue).toArray();
        yield Tensor.adopt(ElementType.INT64, Shape.of(values.length), values);
      }
      case "value_floats" -> {
        var values = new float[attributes.reals(kind).size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = attributes.reals(kind).get(i);
        }
        yield Tensor.adopt(ElementType.FLOAT, Shape.of(values.length), values);
      }
      case "value_strings" -> {
        var values = attributes.texts(kind).toArray(String[]::new);
        yield texts(Shape.of(values.length), values);
      }
      default -> throw new IllegalArgumentException("a constant of the kind " + kind);
    };
  }

  private static Tensor texts(Shape shape, String... values) {
    return Tensor.adopt(ElementType.STRING, shape, values);
  }

  private static List<Tensor> constantOfShape(Call call) {
    Shape shape = Axes.shape(Numbers.list(call.input(0)));
    Tensor value = call.attributes().tensor("value").orElseGet(() -> Tensor.of(new float[1], 1));
    if (value.size() != 1) {
      throw new IllegalArgumentException("the value has " + value.size() + " elements, not one");
    }
    return List.of(filled(value, shape));
  }

  /** A tensor all of whose elements are the only one of another. */
  static Tensor filled(Tensor value, Shape shape) {
    return Layouts.view(value, 0, new int[shape.rank()], shape);
  }

  private static List<Tensor> range(Call call) {
    Tensor start = call.input(0);
    ElementType type = start.type();
    if (type != call.input(1).type() || type != call.input(2).type()) {
      throw new IllegalArgumentException("start, limit and delta have different types");
    }
    if (type.isInteger()) {
      long first = Numbers.only(start).longs()[0];
      long delta = Numbers.only(call.input(2)).longs()[0];
      Shape shape = steps(first, Numbers.only(call.input(1)).longs()[0], delta);
      long[] out = Elements.longs(shape);
      for (int i = 0; i < out.length; i++) {
        out[i] = first + i * delta;
      }
      return List.of(Tensor.adopt(type, shape, out));
    }
    double first = Numbers.only(start).doubles()[0];
    double delta = Numbers.only(call.input(2)).doubles()[0];
    double steps = Math.ceil((Numbers.only(call.input(1)).doubles()[0] - first) / delta);
    if (!(Math.abs(steps) <= Elements.MOST)) {
      throw new IllegalArgumentException("a range of " + steps + " elements");
    }
    Shape shape = Shape.of((int) Math.max(0, steps));
    double[] out = Elements.doubles(shape);
    for (int i = 0; i < out.length; i++) {
      out[i] = first + i * delta;
    }
    return List.of(Elements.real(type, shape, out));
  }

  /** The steps of {@code delta} from {@code first} on that begin before {@code limit}. */
  private static Shape steps(long first, long limit, long delta) {
    if (delta == 0) {
      throw new IllegalArgumentException("the delta of a range is 0");
    }
    if (Math.abs((double) limit - first) >= FARTHEST) {
      throw new IllegalArgumentException("a range from " + first + " to " + limit);
    }
    return Axes.shape(List.of(Math.max(0, Math.ceilDiv(limit - first, delta))));
  }

  private static List<Tensor> eyeLike(Call call) {
    Shape shape = call.input(0).shape();
    if (shape.rank() != 2) {
      throw new IllegalArgumentException("an identity matrix of the shape " + shape);
    }
    Attributes attributes = call.attributes();
    ElementType type =
        attributes.has("dtype") ? Casts.type(attributes.number("dtype", 0)) : call.input(0).type();
    long diagonal = attributes.number("k", 0);
    boolean[] out = Elements.booleans(shape);
    for (int row = 0; row < shape.axis(0); row++) {
      long column = row + diagonal;
      if (column >= 0 && column < shape.axis(1)) {
        out[row * shape.axis(1) + (int) column] = true;
      }
    }
    return List.of(Casts.cast(Tensor.adopt(ElementType.BOOL, shape, out), type));
  }

  /** Indices outside of the depth give a row of off values. */
  private static List<Tensor> oneHot(Call call) {
    Tensor indices = call.input(0);
    long depth = Numbers.only(call.input(1)).longs()[0];
    Tensor values = call.input(2);
    if (values.size() != 2) {
      throw new IllegalArgumentException("OneHot needs an off and an on value");
    }
    int rank = indices.shape().rank() + 1;
    int axis = Axes.axis(call.attributes().number("axis", -1), rank);
    var lengths = new ArrayList<>(indices.shape().axes());
    lengths.add(axis, Axes.length(depth));
    var shape = new Shape(lengths);
    Object out = Elements.create(values.type(), shape);
    var around = new Around(shape, axis);
    fill(out, values.elements());
    long[] places = indices.longs();
    for (int i = 0; i < places.length; i++) {
      long place = places[i] < 0 ? places[i] + depth : places[i];
      if (place >= 0 && place < depth) {
        int at = around.at(i / around.inner(), (int) place, i % around.inner());
        System.arraycopy(values.elements(), 1, out, at, 1);
      }
    }
    return List.of(Tensor.adopt(values.type(), shape, out));
  }

  private static void fill(Object out, Object values) {
    for (int i = 0; i < Array.getLength(out); i++) {
      System.arraycopy(values, 0, out, i, 1);
    }
  }

  /** Since version 15 some axes only: from {@code start} up to {@code end}, both cut to fit. */
  private static List<Tensor> shape(Call call) {
    List<Integer> axes = call.input(0).shape().axes();
    int from = clamp(call.attributes().number("start", 0), axes.size());
    int to = Math.max(from, clamp(call.attributes().number("end", axes.size()), axes.size()));
    long[] lengths = axes.subList(from, to).stream().mapToLong(Integer::longValue).toArray();
    return List.of(Tensor.of(lengths, lengths.length));
  }

  private static int clamp(long place, int rank) {
    return Math.clamp(place < 0 ? place + rank : place, 0, rank);
  }
}
