package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.UnaryCases.list;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Functions of two or more tensors, of shapes that are extended to one. */
final class BinaryCases {

  private static final Samples SAMPLES = new Samples(2);

  /** Pairs of shapes that fit together. */
  private static final int[][][] SHAPES = {
    {{}, {}},
    {{3}, {}},
    {{2, 3}, {3}},
    {{2, 3}, {2, 1}},
    {{4, 1, 3}, {2, 1}},
    {{1}, {2, 3, 2, 2}},
    {{2, 3, 1, 2}, {3, 4, 1}},
    {{0, 3}, {1}},
    {{2, 3}, {2, 3}},
  };

  private BinaryCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    for (String name : List.of("Add", "Sub", "Mul", "Div")) {
      for (int[][] shapes : SHAPES) {
        Tensor a = SAMPLES.floats(shapes[0]);
        Tensor b = SAMPLES.floats(shapes[1]);
        all.addAll(in(List.of(7, 13, 14, 22), of(name, a, b), of(name, b, a)));
        all.add(of(name, Casts.cast(a, ElementType.DOUBLE), Casts.cast(b, ElementType.DOUBLE)));
      }
      for (ElementType type : List.of(ElementType.INT32, ElementType.INT64)) {
        Tensor a = SAMPLES.integers(type, -1 << 30, 1 << 30, 2, 3);
        all.add(of(name, a, SAMPLES.integers(type, 1, 1 << 30, 3)));
      }
    }
    all.addAll(comparisons());
    all.addAll(variadic());
    all.addAll(remainders());
    all.addAll(powers());
    all.addAll(bits());
    all.addAll(byHand());
    for (int[][] shapes : new int[][][] {{{2, 3, 2}, {3, 1}}, {{4}, {1}}, {{2, 3}, {3}}}) {
      all.addAll(
          in(List.of(7, 9, 16), of("PRelu", SAMPLES.floats(shapes[0]), SAMPLES.floats(shapes[1]))));
    }
    return all;
  }

  private static List<OperatorCase> comparisons() {
    var all = new ArrayList<OperatorCase>();
    for (String name : List.of("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual")) {
      boolean late = name.endsWith("OrEqual");
      List<Integer> opsets = late ? List.of(12, 16) : List.of(11, 13);
      for (int[][] shapes : SHAPES) {
        Tensor a = SAMPLES.longs(-2, 2, shapes[0]);
        Tensor b = SAMPLES.longs(-2, 2, shapes[1]);
        Tensor real = Casts.cast(a, ElementType.DOUBLE);
        all.addAll(in(opsets, of(name, a, b), of(name, real, Casts.cast(b, real.type()))));
        if (!name.equals("Equal")) {
          Tensor single = Casts.cast(a, ElementType.FLOAT);
          all.add(of(name, single, Casts.cast(b, single.type())).opset(late ? 12 : 7));
        }
      }
      Tensor strange = Tensor.of(new float[] {1, Float.NaN, -0f, Float.NaN}, 4);
      all.add(of(name, strange, Tensor.of(new float[] {Float.NaN, Float.NaN, 0, 3}, 4)));
    }
    all.add(of("Equal", SAMPLES.longs(0, 1, 5), SAMPLES.longs(0, 1, 5)).opset(7));
    all.add(of("Equal", SAMPLES.booleans(2, 5), SAMPLES.booleans(5)).opset(7));
    all.add(of("Equal", Samples.texts("a", "b"), Samples.texts("b")).opset(19));
    for (String name : List.of("And", "Or", "Xor")) {
      all.addAll(in(List.of(7, 17), of(name, SAMPLES.booleans(4, 1, 3), SAMPLES.booleans(5, 1))));
    }
    return all;
  }

  private static List<OperatorCase> variadic() {
    var all = new ArrayList<OperatorCase>();
    for (String name : List.of("Min", "Max", "Sum", "Mean")) {
      Tensor a = SAMPLES.floats(2, 3);
      Tensor b = SAMPLES.floats(3);
      Tensor c = SAMPLES.floats(4, 1, 1);
      all.addAll(in(List.of(8, 12, 13), of(name, a), of(name, a, b), of(name, a, b, c)));
      all.add(of(name, a, SAMPLES.floats(2, 3)).opset(7));
    }
    for (String name : List.of("Min", "Max")) {
      all.add(of(name, SAMPLES.longs(-5, 5, 3), SAMPLES.longs(-5, 5, 2, 1)).opset(12));
      all.add(of(name, SAMPLES.doubles(3), Tensor.of(new double[] {Double.NaN}, 1)).opset(12));
    }
    return all;
  }

  private static List<OperatorCase> remainders() {
    var all = new ArrayList<OperatorCase>();
    for (ElementType type : List.of(ElementType.INT32, ElementType.INT64, ElementType.INT8)) {
      Tensor divisor = Tensor.adopt(type, list(type, 3, -3).shape(), new long[] {3, -3});
      OperatorCase each = of("Mod", SAMPLES.integers(type, -9, 9, 5, 2), divisor);
      all.addAll(in(List.of(10, 13), each, each.with("fmod", 1L)));
    }
    Tensor real = Tensor.of(new float[] {2.5f, -2.5f}, 2);
    all.add(of("Mod", SAMPLES.floats(6, 2), real).with("fmod", 1L));
    return all;
  }

  private static List<OperatorCase> powers() {
    Tensor base = SAMPLES.floatsBetween(0.1, 3, 4, 3);
    return List.of(
        of("Pow", base, SAMPLES.floats(3)).opset(7),
        of("Pow", base, SAMPLES.floats(4, 1)).opset(12),
        of("Pow", base, SAMPLES.longs(-3, 3, 3)).opset(12),
        of("Pow", base, SAMPLES.doubles(3)).opset(15),
        of("Pow", SAMPLES.doubles(3), Tensor.of(new float[] {2}, 1)).opset(13),
        of("Pow", SAMPLES.longs(-9, 9, 5), SAMPLES.longs(0, 5, 5)).opset(13),
        of("Pow", SAMPLES.longs(1, 9, 5), SAMPLES.floatsBetween(0, 2, 5)).opset(13),
        of("Pow", SAMPLES.integers(ElementType.INT32, 1, 9, 5), SAMPLES.longs(0, 3, 5)));
  }

  private static List<OperatorCase> bits() {
    var all = new ArrayList<OperatorCase>();
    for (String name : List.of("BitwiseAnd", "BitwiseOr", "BitwiseXor")) {
      for (ElementType type : List.of(ElementType.INT8, ElementType.INT64, ElementType.UINT8)) {
        Tensor a = SAMPLES.integers(type, 0, 100, 2, 3);
        all.add(of(name, a, SAMPLES.integers(type, 0, 100, 3)).opset(18));
      }
    }
    for (String direction : List.of("LEFT", "RIGHT")) {
      Tensor bytes = SAMPLES.integers(ElementType.UINT8, 0, 255, 4);
      Tensor places = SAMPLES.integers(ElementType.UINT8, 0, 7, 2, 1);
      all.add(of("BitShift", bytes, places).with("direction", direction));
    }
    return all;
  }

  /** Types that ONNX Runtime lacks, and numbers that wrap around. */
  private static List<OperatorCase> byHand() {
    ElementType bytes = ElementType.UINT8;
    ElementType wide = ElementType.UINT64;
    return List.of(
        of("Add", list(bytes, 250, 3), list(bytes, 10)).gives(list(bytes, 4, 13)),
        of("Sub", list(ElementType.INT16, -32768), list(ElementType.INT16, 1))
            .gives(list(ElementType.INT16, 32767)),
        of("Mul", list(ElementType.UINT32, 1L << 31), list(ElementType.UINT32, 3))
            .gives(list(ElementType.UINT32, 1L << 31)),
        of("Div", list(wide, -2), list(wide, 2)).gives(list(wide, Long.MAX_VALUE)),
        of("Max", list(wide, -1, 5), list(wide, 7)).gives(list(wide, -1, 7)),
        of("Less", list(wide, -1, 5), list(wide, 7)).gives(bools(false, true)),
        of("Mod", list(wide, -1), list(wide, 10)).gives(list(wide, 5)),
        of("Add", half(1, 2048), half(0.0001f, 1)).gives(half(1, 2048)),
        of("Pow", list(ElementType.INT64, 3), list(ElementType.INT64, 39))
            .gives(list(ElementType.INT64, 4052555153018976267L)));
  }

  private static Tensor half(float... values) {
    return Casts.cast(Tensor.of(values, values.length), ElementType.FLOAT16);
  }

  static Tensor bools(boolean... values) {
    return Tensor.adopt(
        ElementType.BOOL, dev.unroll.interop.tensor.Shape.of(values.length), values);
  }
}
