package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.list;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Other axes, other types, and tensors from nothing. */
final class LayoutCases {

  private static final Samples SAMPLES = new Samples(3);

  private LayoutCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    all.addAll(reshapes());
    all.addAll(squeezes());
    all.addAll(repeats());
    all.addAll(constants());
    all.addAll(ranges());
    all.addAll(casts());
    return all;
  }

  private static List<OperatorCase> reshapes() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(2, 3, 4);
    for (Tensor shape :
        List.of(list(4, 6), list(-1), list(0, -1), list(2, 0, 2, -1), list(24, 1))) {
      all.addAll(in(List.of(7, 13, 14, 21), of("Reshape", x, shape)));
    }
    all.add(of("Reshape", SAMPLES.floats(0, 3), list(3, 0)).with("allowzero", 1L));
    all.add(of("Reshape", SAMPLES.floats(), list(1, 1)));
    all.add(of("Reshape", SAMPLES.longs(0, 9, 1), list()));
    for (long axis = 0; axis <= 3; axis++) {
      all.addAll(in(List.of(7, 9, 21), of("Flatten", x).with("axis", axis)));
    }
    all.add(of("Flatten", x).with("axis", -1L));
    all.add(of("Flatten", x));
    all.addAll(in(List.of(7, 14, 21), of("Identity", x), of("Transpose", x)));
    all.add(of("Identity", Samples.texts("a", "b")));
    for (List<Long> order :
        List.of(List.of(1L, 0L, 2L), List.of(2L, 0L, 1L), List.of(0L, 2L, 1L))) {
      all.add(of("Transpose", x).with("perm", order));
    }
    all.add(
        of("Transpose", SAMPLES.longs(0, 99, 2, 3, 1, 4)).with("perm", List.of(3L, 1L, 2L, 0L)));
    all.add(of("Transpose", SAMPLES.floats(0, 3)));
    all.add(of("Transpose", SAMPLES.floats()));
    all.addAll(in(List.of(7, 10), of("Dropout", x).with("ratio", 0.7f)));
    Tensor kept = BinaryCases.bools(true, true);
    Tensor two = SAMPLES.floats(2);
    all.add(of("Dropout", two).opset(10).gives(two, kept));
    all.add(of("Dropout", two).opset(7).gives(two, Tensor.of(new float[] {1, 1}, 2)));
    all.add(of("Dropout", x, scalar(0.7f)).opset(12).outputs(2));
    all.add(of("Dropout", x, scalar(0.7f), Casts.cast(scalar(0), ElementType.BOOL)).opset(13));
    return all;
  }

  private static List<OperatorCase> squeezes() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(1, 3, 1, 2);
    all.addAll(in(List.of(7, 11), of("Squeeze", x).with("axes", List.of(0L))));
    all.addAll(in(List.of(7, 11, 13, 21), of("Squeeze", x)));
    all.add(of("Squeeze", x).opset(11).with("axes", List.of(-2L, 0L)));
    all.addAll(in(List.of(13, 21), of("Squeeze", x, list(-2, 0)), of("Squeeze", x, list(2))));
    all.addAll(in(List.of(7, 11), of("Unsqueeze", x).with("axes", List.of(5L, 0L))));
    all.add(of("Unsqueeze", SAMPLES.floats(3)).opset(11).with("axes", List.of(-1L)));
    all.addAll(in(List.of(13, 21), of("Unsqueeze", x, list(-1, 2)), of("Unsqueeze", x, list(0))));
    all.add(of("Unsqueeze", SAMPLES.floats(), list(0, 1)));
    return all;
  }

  private static List<OperatorCase> repeats() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(3, 1);
    for (Tensor shape : List.of(list(3, 4), list(2, 3, 4), list(1), list(2, 1, 6), list(3, 0))) {
      all.addAll(in(List.of(8, 13), of("Expand", x, shape)));
    }
    all.add(of("Expand", SAMPLES.longs(0, 5), list(2, 2)));
    for (Tensor repeats : List.of(list(1, 1), list(2, 3), list(0, 2))) {
      all.addAll(in(List.of(7, 13), of("Tile", SAMPLES.floats(2, 3), repeats)));
    }
    all.add(of("Tile", SAMPLES.booleans(2, 1, 2), list(1, 3, 2)));
    return all;
  }

  private static List<OperatorCase> constants() {
    var all = new ArrayList<OperatorCase>();
    all.addAll(in(List.of(7, 9, 11, 13, 21), of("Constant").with("value", SAMPLES.doubles(2, 3))));
    all.add(of("Constant").opset(12).with("value_int", 7L));
    all.add(of("Constant").opset(12).with("value_float", 7.5f));
    all.add(of("Constant").opset(12).with("value_string", "seven"));
    all.add(of("Constant").opset(12).with("value_ints", List.of(7L, 8L)));
    all.add(of("Constant").opset(12).with("value_floats", List.of(7.5f, 8f, 9f)));
    all.add(of("Constant").opset(13).with("value_strings", List.of("seven", "eight")));
    for (Tensor shape : List.of(list(2, 3), list(), list(0, 2))) {
      all.addAll(
          in(
              List.of(9, 20),
              of("ConstantOfShape", shape),
              of("ConstantOfShape", shape).with("value", list(5)),
              of("ConstantOfShape", shape).with("value", BinaryCases.bools(true))));
    }
    Tensor x = SAMPLES.floats(2, 3, 4);
    all.addAll(in(List.of(7, 13, 15, 21), of("Shape", x), of("Size", x)));
    all.add(of("Shape", SAMPLES.floats()));
    all.add(of("Shape", x).with("start", 1L));
    all.add(of("Shape", x).with("start", -2L).with("end", -1L));
    all.add(of("Shape", x).with("start", -20L).with("end", 20L));
    all.add(of("Shape", x).with("start", 2L).with("end", 1L));
    for (long k = -3; k <= 3; k += 2) {
      all.add(of("EyeLike", SAMPLES.floats(2, 3)).with("k", k));
    }
    all.add(of("EyeLike", SAMPLES.floats(3, 2)).opset(9).with("dtype", 7L));
    return all;
  }

  private static List<OperatorCase> ranges() {
    var all = new ArrayList<OperatorCase>();
    all.add(of("Range", scalar(1), scalar(10), scalar(3)).opset(11));
    all.add(of("Range", scalar(10), scalar(1), scalar(-4)));
    all.add(of("Range", scalar(10), scalar(1), scalar(4)));
    all.add(of("Range", scalar(0.5f), scalar(2f), scalar(0.25f)));
    all.add(of("Range", scalar(1f), scalar(-1f), scalar(-0.3f)));
    Tensor depth = scalar(4);
    Tensor values = Tensor.of(new float[] {-1, 2}, 2);
    Tensor indices = SAMPLES.longs(-6, 5, 2, 3);
    all.addAll(in(List.of(9, 11), of("OneHot", indices, depth, values)));
    all.add(of("OneHot", indices, depth, values).with("axis", 0L));
    all.add(of("OneHot", indices, depth, values).with("axis", 1L));
    all.add(of("OneHot", indices, list(5), list(0, 1)).with("axis", -2L));
    all.add(of("OneHot", scalar(2), depth, list(0, 1)).gives(list(0, 0, 1, 0)));
    return all;
  }

  private static List<OperatorCase> casts() {
    var all = new ArrayList<OperatorCase>();
    Tensor reals = SAMPLES.between(-90, 90, 3, 4);
    Tensor positive = SAMPLES.between(0, 90, 5);
    for (long to : new long[] {1, 3, 5, 6, 7, 9, 10, 11}) {
      for (ElementType from : List.of(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32)) {
        all.addAll(in(List.of(7, 9, 13, 19), of("Cast", Casts.cast(reals, from)).with("to", to)));
      }
      all.add(of("Cast", BinaryCases.bools(true, false)).with("to", to));
    }
    all.add(of("Cast", positive).with("to", 2L));
    all.add(of("Cast", list(300, -1)).with("to", 2L));
    all.add(of("Cast", Samples.texts("1.5", "-2", "INF", "-inf", "NaN")).with("to", 1L));
    all.add(of("Cast", Samples.texts("15", "-2")).with("to", 7L));
    all.add(of("Cast", list(15, -2)).with("to", 8L));
    all.add(of("Cast", Tensor.of(new float[] {1.5f, -2, 0.1f}, 3)).with("to", 8L));
    Tensor unsigned = Tensor.adopt(ElementType.UINT64, Shape.of(1), new long[] {-1});
    all.add(of("Cast", unsigned).with("to", 11L).gives(Tensor.of(new double[] {0x1p64}, 1)));
    all.add(
        of("Cast", Tensor.of(new float[] {1.00390625f, 1.01171875f}, 2))
            .with("to", 16L)
            .gives(Tensor.adopt(ElementType.BFLOAT16, Shape.of(2), new float[] {1, 1.015625f})));
    all.add(of("CastLike", reals, SAMPLES.longs(0, 1, 1)).opset(15));
    return all;
  }
}
