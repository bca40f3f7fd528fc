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

/** What is rare but allowed: no elements, no axes, equal zeros, indices of 32 bits, half floats. */
final class OddCases {

  private static final Samples SAMPLES = new Samples(12);

  private OddCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    all.addAll(emptyLayouts());
    all.addAll(emptyChoices());
    all.addAll(emptyProducts());
    all.addAll(scalars());
    all.addAll(zerosAndNans());
    all.addAll(narrowIndices());
    all.addAll(negativeAxes());
    all.addAll(halves());
    return all;
  }

  private static List<OperatorCase> emptyLayouts() {
    var all = new ArrayList<OperatorCase>();
    Tensor none = SAMPLES.floats(0, 3);
    Tensor flat = SAMPLES.floats(2, 0, 4);
    for (String name : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      all.addAll(in(List.of(7, 13), of(name, none).with("axis", 1L)));
      all.add(of(name, flat).with("axis", 2L));
      all.add(of(name, flat).with("axis", 0L));
    }
    for (long axis = 0; axis <= 3; axis++) {
      all.add(of("Flatten", flat).with("axis", axis));
    }
    all.add(of("Transpose", flat).with("perm", List.of(2L, 0L, 1L)));
    all.add(of("Squeeze", SAMPLES.floats(1, 0, 1), list(0)));
    all.add(of("Unsqueeze", none, list(1)));
    all.add(of("Concat", none, SAMPLES.floats(0, 2)).with("axis", 1L));
    all.add(of("Concat", none, none).with("axis", 0L));
    all.addAll(in(List.of(11, 13), of("Split", SAMPLES.floats(2, 0)).with("axis", 1L).outputs(2)));
    all.add(of("Split", none, list(1, 2)).with("axis", 1L).outputs(2));
    all.add(of("Split", SAMPLES.floats(0), list(0, 0)).outputs(2));
    all.add(of("Slice", none, list(0), list(2), list(1)));
    all.add(of("Slice", none, list(-1), list(-9), list(0), list(-1)));
    all.add(of("Slice", SAMPLES.floats(4), list(3), list(1)));
    all.add(of("Slice", SAMPLES.floats(4), list(), list(), list(), list()));
    all.add(of("Expand", SAMPLES.floats(1, 3), list(0, 3)));
    all.add(of("Expand", SAMPLES.floats(), list(0)));
    all.add(of("Expand", SAMPLES.floats(2), list()));
    all.add(of("Tile", none, list(3, 2)));
    all.add(of("Pad", none, list(0, 1, 0, 1), scalar(2f)));
    all.add(of("Trilu", SAMPLES.floats(0, 3, 3)));
    all.add(of("Trilu", SAMPLES.floats(2, 3, 0)));
    all.add(of("Reshape", none, list(0, 3)));
    all.addAll(in(List.of(7, 21), of("Shape", flat), of("Size", flat)));
    all.add(of("EyeLike", SAMPLES.floats(0, 3)));
    all.add(of("CumSum", flat, scalar(1)));
    all.add(of("ReverseSequence", SAMPLES.floats(3, 0, 2), list()));
    for (String name : List.of("Relu", "Tanh", "Sigmoid", "Exp", "Erf", "Neg", "Sqrt")) {
      all.add(of(name, none));
    }
    for (String name : List.of("Add", "Mul", "Div", "Pow")) {
      all.add(of(name, none, SAMPLES.floats(3)));
      all.add(of(name, SAMPLES.floats(1, 3), none));
      all.add(of(name, flat, SAMPLES.floats()));
    }
    all.add(of("Sum", none, SAMPLES.floats(1, 3), SAMPLES.floats()));
    all.add(of("Cast", none).with("to", 7L));
    long between = (1L << 40) + (1L << 16) + 1; // just above the middle of two floats
    all.add(of("Cast", Tensor.of(new long[] {between, -between}, 2)).with("to", 1L));
    all.add(of("Cast", Tensor.of(new long[] {(1L << 60) + (1L << 36) + 1}, 1)).with("to", 1L));
    return all;
  }

  private static List<OperatorCase> emptyChoices() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(4, 3);
    Tensor none = SAMPLES.floats(0, 3);
    all.add(of("Gather", x, list()));
    all.add(of("Gather", x, SAMPLES.longs(0, 1, 2, 0)).with("axis", 1L));
    all.add(of("Gather", none, SAMPLES.longs(0, 2, 2)).with("axis", 1L));
    all.add(of("GatherElements", x, SAMPLES.longs(0, 1, 0, 3)));
    all.add(of("GatherND", x, SAMPLES.longs(0, 1, 0, 1)));
    all.add(of("GatherND", x, SAMPLES.longs(0, 1, 0, 2)));
    all.add(of("ScatterElements", x, SAMPLES.longs(0, 1, 0, 3), none));
    all.add(of("ScatterND", x, SAMPLES.longs(0, 1, 0, 1), none));
    all.add(of("ArgMax", none).with("axis", 1L));
    // ONNX Runtime keeps the axes of empty tensors
    all.add(
        of("ArgMin", none).with("axis", -1L).with("keepdims", 0L).gives(Tensor.of(new long[0], 0)));
    all.add( // which ends ONNX Runtime
        of("TopK", none, list(2))
            .gives(Tensor.of(new float[0], 0, 2), Tensor.of(new long[0], 0, 2)));
    all.add(
        of("TopK", x, list(0))
            .with("axis", 0L)
            .gives(Tensor.of(new float[0], 0, 3), Tensor.of(new long[0], 0, 3)));
    all.add(of("NonZero", none));
    all.add(of("NonZero", SAMPLES.floats(0)));
    all.add(of("NonZero", Tensor.of(new float[2], 1, 2)));
    all.add(of("Compress", x, BinaryCases.bools(false, false)).with("axis", 0L));
    all.add(of("Compress", none, BinaryCases.bools(true)).with("axis", 1L));
    all.add(of("Where", SAMPLES.booleans(0, 1), SAMPLES.floats(3), SAMPLES.floats()));
    // ONNX Runtime divides by zero there
    all.add(of("OneHot", list(), scalar(3), list(0, 1)).gives(Tensor.of(new long[0], 0, 3)));
    all.add(of("OneHot", list(0, 1), scalar(0), list(0, 1)).gives(Tensor.of(new long[0], 2, 0)));
    for (String name : List.of("ReduceSum", "ReduceProd", "ReduceL1", "ReduceL2")) {
      all.add(of(name, none, list(0)).opset(18));
      all.add(of(name, none, list(1)).opset(18).with("keepdims", 0L));
      all.add(of(name, none).opset(18));
    }
    all.add(of("ReduceMax", none, list(1)).opset(18));
    // ONNX Runtime keeps the axes of empty tensors
    for (ElementType type : List.of(ElementType.INT8, ElementType.INT32, ElementType.INT64)) {
      int bits = type == ElementType.INT8 ? 8 : type == ElementType.INT32 ? 32 : 64;
      Tensor least = Tensor.adopt(type, Shape.of(1), new long[] {-1L << (bits - 1)});
      Tensor most = Tensor.adopt(type, Shape.of(1), new long[] {(1L << (bits - 1)) - 1});
      Tensor empty = Tensor.adopt(type, Shape.of(0), new long[0]);
      all.add(of("ReduceMax", empty).opset(18).gives(least));
      all.add(of("ReduceMin", empty).opset(18).gives(most));
    }
    Tensor large = Tensor.adopt(ElementType.UINT64, Shape.of(2), new long[] {1, -1});
    all.add(
        of("ReduceMax", large)
            .gives(Tensor.adopt(ElementType.UINT64, Shape.of(1), new long[] {-1})));
    all.add(of("ReduceMean", none, list(1)).opset(18));
    all.add(of("ReduceLogSumExp", none, list(1)).opset(18));
    return all;
  }

  private static List<OperatorCase> emptyProducts() {
    var all = new ArrayList<OperatorCase>();
    all.add(of("MatMul", SAMPLES.floats(0, 2, 3), SAMPLES.floats(3, 4)));
    all.add(of("MatMul", SAMPLES.floats(0, 2, 3), SAMPLES.floats(0, 3, 4)));
    all.add(of("MatMul", SAMPLES.floats(2, 3), SAMPLES.floats(3, 0)));
    all.add(of("MatMul", SAMPLES.floats(3, 2, 0), SAMPLES.floats(0, 4)));
    all.add( // which ONNX Runtime does not broadcast
        of("MatMul", SAMPLES.floats(1, 2, 3), SAMPLES.floats(0, 3, 4))
            .gives(Tensor.of(new float[0], 0, 2, 4)));
    all.add(of("MatMul", SAMPLES.floats(0), SAMPLES.floats(0)));
    all.addAll(
        in(
            List.of(7, 13),
            of("Gemm", SAMPLES.floats(2, 0), SAMPLES.floats(0, 3), SAMPLES.floats(3)),
            of("Gemm", SAMPLES.floats(0, 2), SAMPLES.floats(2, 3), SAMPLES.floats(3)),
            of("Gemm", SAMPLES.floats(2, 3), SAMPLES.floats(3, 0), SAMPLES.floats(1))));
    all.add(of("Gemm", SAMPLES.floats(2, 0), SAMPLES.floats(0, 3)));
    all.add( // which ends ONNX Runtime
        of("Einsum", SAMPLES.floats(2, 0), SAMPLES.floats(0, 3))
            .with("equation", "ij,jk->ik")
            .gives(Tensor.of(new float[6], 2, 3)));
    all.add(of("Conv", SAMPLES.floats(0, 2, 5), SAMPLES.floats(3, 2, 2), SAMPLES.floats(3)));
    for (String name : List.of("MaxPool", "AveragePool")) {
      all.add(of(name, SAMPLES.floats(0, 2, 5)).with("kernel_shape", List.of(2L)));
    }
    all.add(of("GlobalAveragePool", SAMPLES.floats(0, 2, 5)));
    all.add(
        of(
            "BatchNormalization",
            SAMPLES.floats(0, 3, 2),
            SAMPLES.floats(3),
            SAMPLES.floats(3),
            SAMPLES.floats(3),
            SAMPLES.floatsBetween(0.1, 2, 3)));
    all.add(
        of("LayerNormalization", SAMPLES.floats(2, 0), SAMPLES.floats(0), SAMPLES.floats(0))
            .gives(
                Tensor.of(new float[0], 2, 0),
                Tensor.of(new float[] {Float.NaN, Float.NaN}, 2, 1),
                Tensor.of(new float[] {Float.NaN, Float.NaN}, 2, 1)));
    all.add(
        of("LayerNormalization", SAMPLES.floats(0, 3), SAMPLES.floats(3), SAMPLES.floats(3))
            .outputs(3));
    all.add(
        of(
            "MatMulInteger",
            SAMPLES.integers(ElementType.UINT8, 0, 9, 0, 3),
            SAMPLES.integers(ElementType.UINT8, 0, 9, 3, 2)));
    return all;
  }

  private static List<OperatorCase> scalars() {
    var all = new ArrayList<OperatorCase>();
    Tensor one = SAMPLES.floats();
    for (String name : List.of("Relu", "Tanh", "Sigmoid", "Exp", "Erf", "Softplus", "Identity")) {
      all.add(of(name, one));
    }
    all.add(of("Flatten", one).with("axis", 0L));
    all.add(of("Gather", SAMPLES.floats(3), scalar(-2)));
    all.add(of("Gather", list(7, 8, 9), scalar(1)));
    all.add(of("Unsqueeze", one, list(-1)));
    all.add(of("Squeeze", SAMPLES.floats(1, 1)));
    all.add(of("Squeeze", SAMPLES.floats(1), list(0)));
    all.add(of("Expand", one, list()));
    all.add(of("Tile", one, list()).gives(one)); // which ONNX Runtime refuses
    all.add(of("Cast", one).with("to", 11L));
    all.add(of("Clip", one, scalar(-1f), scalar(1f)));
    all.add(of("Where", BinaryCases.bools(true).reshaped(Shape.of()), one, SAMPLES.floats()));
    all.add(of("Equal", one, one));
    all.add(of("Max", one, SAMPLES.floats()));
    all.add(of("ReduceMean", one).opset(18));
    all.add(of("ReduceMax", one).with("keepdims", 0L));
    all.add(of("Range", scalar(3), scalar(3), scalar(1)));
    all.add(of("Concat", SAMPLES.floats(1), SAMPLES.floats(1)).with("axis", -1L));
    all.add(of("DynamicQuantizeLinear", one).outputs(3));
    all.add(of("Transpose", one).with("perm", List.<Long>of()));
    return all;
  }

  private static List<OperatorCase> zerosAndNans() {
    var all = new ArrayList<OperatorCase>();
    Tensor zeros = Tensor.of(new float[] {-0f, 0f, -0f, -1, 0f, -0f, 0f, -2}, 2, 4);
    for (String name : List.of("ArgMax", "ArgMin")) {
      all.add(of(name, zeros).with("axis", 1L));
      all.add(of(name, zeros).with("axis", 1L).with("select_last_index", 1L));
      all.add(of(name, Casts.cast(zeros, ElementType.DOUBLE)).with("axis", 1L));
    }
    all.add(of("TopK", zeros, list(3)).outputs(2));
    all.add(of("TopK", zeros, list(4)).with("largest", 0L).outputs(2));
    Tensor window = zeros.reshaped(Shape.of(1, 2, 4));
    all.add(of("MaxPool", window).opset(12).with("kernel_shape", List.of(2L)).outputs(2));
    for (String name : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      all.add(of(name, zeros));
    }
    for (String name : List.of("Relu", "Abs", "Sign", "Neg", "Floor", "Round", "Reciprocal")) {
      all.add(of(name, zeros));
    }
    all.add(of("Equal", zeros, scalar(0f)));
    all.add(of("NonZero", zeros));
    all.add(of("Cast", zeros).with("to", 9L));
    Tensor infinite =
        Tensor.of(
            new float[] {Float.NEGATIVE_INFINITY, 3, Float.POSITIVE_INFINITY, 0, -1, 2}, 2, 3);
    for (String name : List.of("ReduceMax", "ReduceSum", "ReduceLogSumExp", "ReduceMean")) {
      all.add(of(name, infinite, list(0)).opset(18));
    }
    for (String name : List.of("Tanh", "Sigmoid", "Relu", "Softsign", "HardSigmoid", "Elu")) {
      Tensor x = name.equals("Softsign") ? zeros : infinite;
      all.add(of(name, x));
    }
    all.add(of("Clip", infinite, scalar(-2f), scalar(2f)));
    return all;
  }

  private static List<OperatorCase> narrowIndices() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(4, 3);
    ElementType narrow = ElementType.INT32;
    Tensor indices = SAMPLES.integers(narrow, -3, 2, 2, 3);
    all.addAll(in(List.of(7, 13), of("Gather", x, indices)));
    all.add(of("GatherElements", x, indices));
    Tensor places = Casts.cast(Tensor.of(new long[] {3, 0, 1, -4, 2, 3}, 2, 3), narrow);
    all.add(of("ScatterElements", x, places, SAMPLES.floats(2, 3)));
    all.add(of("Slice", x, Casts.cast(list(-3), narrow), Casts.cast(list(9), narrow)).opset(10));
    all.add(
        of(
            "Slice",
            x,
            Casts.cast(list(2, 0), narrow),
            Casts.cast(list(-9, 2), narrow),
            Casts.cast(list(1, 0), narrow),
            Casts.cast(list(-1, 1), narrow)));
    all.add(of("CumSum", x, Casts.cast(scalar(-1), narrow)));
    all.add(
        of("OneHot", Casts.cast(list(1, -1), narrow), Casts.cast(scalar(3), narrow), list(0, 1))
            .gives(Tensor.of(new long[] {0, 1, 0, 0, 0, 1}, 2, 3)));
    all.add(of("OneHot", Tensor.of(new float[] {1, 2}, 2), scalar(3f), SAMPLES.floats(2)));
    all.add(
        of(
            "Range",
            Casts.cast(scalar(1), narrow),
            Casts.cast(scalar(9), narrow),
            Casts.cast(scalar(3), narrow)));
    return all;
  }

  private static List<OperatorCase> negativeAxes() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(2, 3, 4);
    all.addAll(in(List.of(11, 13), of("Concat", x, x).with("axis", -2L)));
    all.addAll(in(List.of(11, 13), of("Split", x).with("axis", -3L).outputs(2)));
    all.addAll(in(List.of(11, 13), of("Flatten", x).with("axis", -2L)));
    all.add(
        of(
                "ScatterElements",
                x,
                Tensor.of(new long[] {-1, 0, -2}, 1, 3, 1),
                SAMPLES.floats(1, 3, 1))
            .with("axis", -3L));
    all.add(of("Compress", x, BinaryCases.bools(true, false, true)).with("axis", -2L));
    all.add(of("Hardmax", x).with("axis", -2L));
    all.add(of("Unsqueeze", x, list(-4, -1)));
    all.add(of("LpNormalization", x).with("axis", -2L));
    Tensor bytes = SAMPLES.integers(ElementType.UINT8, 0, 255, 2, 3);
    all.add(
        of("DequantizeLinear", bytes, SAMPLES.floatsBetween(0.1, 1, 3))
            .opset(13)
            .with("axis", -1L));
    all.add(
        of("DequantizeLinear", bytes, SAMPLES.floatsBetween(0.1, 1, 2))
            .opset(13)
            .with("axis", -2L));
    all.add(
        of("QuantizeLinear", SAMPLES.floats(2, 3), SAMPLES.floatsBetween(0.1, 1, 3))
            .opset(13)
            .with("axis", -1L));
    return all;
  }

  private static List<OperatorCase> halves() {
    var all = new ArrayList<OperatorCase>();
    for (ElementType type : List.of(ElementType.FLOAT16)) {
      Tensor x = SAMPLES.reals(type, 3, 4);
      Tensor y = SAMPLES.reals(type, 4);
      for (String name : List.of("Add", "Sub", "Mul", "Div", "Max", "Min")) {
        all.add(of(name, x, y).within(1e-3));
      }
      for (String name :
          List.of("Relu", "Tanh", "Sigmoid", "Exp", "Erf", "Abs", "Neg", "Softmax")) {
        all.add(of(name, x).within(2e-3));
      }
      all.add(of("MatMul", x, SAMPLES.reals(type, 4, 2)).within(5e-3));
      all.add(of("Gemm", x, SAMPLES.reals(type, 4, 2), SAMPLES.reals(type, 2)).within(5e-3));
      for (String name : List.of("ReduceMean", "ReduceMax", "ReduceSum")) {
        all.add(of(name, x, list(1)).opset(18).within(5e-3));
      }
      all.add(of("LayerNormalization", x, y, SAMPLES.reals(type, 4)).within(5e-3));
      all.add(of("Gather", x, list(2, 0)));
      all.add(of("Concat", x, x).with("axis", 1L));
      all.add(of("Transpose", x));
      all.add(of("Where", SAMPLES.booleans(3, 1), x, y));
      all.add(of("Clip", x, Casts.cast(scalar(-1f), type), Casts.cast(scalar(1f), type)));
      all.add(of("Cast", x).with("to", 1L));
      all.add(of("Cast", x).with("to", 7L));
      all.add(of("Equal", x, x));
      all.add(of("Less", x, y));
      all.add(of("Slice", x, list(1), list(3)));
      all.add(of("Split", x).with("axis", 1L).outputs(2));
      all.add(of("ArgMax", x).with("axis", 1L));
      all.add(of("TopK", x, list(2)).outputs(2));
      all.add(of("Pow", x, Casts.cast(scalar(2f), type)).within(2e-3));
      all.add(of("Conv", SAMPLES.reals(type, 1, 2, 6), SAMPLES.reals(type, 3, 2, 3)).within(1e-2));
    }
    return all;
  }
}
