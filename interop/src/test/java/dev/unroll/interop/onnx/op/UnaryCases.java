package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Functions of each element. */
final class UnaryCases {

  private static final Samples SAMPLES = new Samples(1);

  private UnaryCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    for (String name : List.of("Abs", "Neg", "Relu", "Floor", "Ceil", "Sqrt", "Exp", "Log")) {
      all.addAll(in(List.of(7, 13, 21), of(name, SAMPLES.floats(2, 3)), doubles(name)));
    }
    for (String name : List.of("Tanh", "Sigmoid", "Reciprocal")) {
      all.addAll(in(List.of(7, 13, 21), of(name, SAMPLES.floats(2, 3, 2)), doubles(name)));
    }
    for (String name : List.of("Sin", "Cos", "Tan", "Asin", "Acos", "Atan")) {
      all.addAll(in(List.of(7, 17), of(name, SAMPLES.floatsBetween(-1, 1, 5))));
    }
    for (String name : List.of("Sinh", "Cosh", "Asinh", "Erf", "Sign")) {
      all.addAll(in(List.of(9, 17), of(name, SAMPLES.floats(4, 5)), of(name, extremes())));
    }
    all.addAll(in(List.of(9, 22), of("Atanh", SAMPLES.floatsBetween(-1, 1, 9))));
    all.addAll(in(List.of(9, 22), of("Acosh", SAMPLES.floatsBetween(1, 9, 9))));
    for (String name : List.of("Softsign", "Softplus", "HardSwish", "Round", "Not")) {
      Tensor x = name.equals("Not") ? SAMPLES.booleans(2, 3) : SAMPLES.floats(40);
      all.add(of(name, x));
    }
    all.add(of("Round", Tensor.of(new double[] {0.5, 1.5, -0.5, -1.5, 2.5, 1e300}, 6)));
    all.addAll(List.of(of("Mish", SAMPLES.floats(9)).opset(18), of("Softplus", extremes())));
    for (String name : List.of("Sigmoid", "Tanh", "Exp")) {
      all.addAll(List.of(of(name, extremes()), of(name, Samples.scalar(Float.NaN))));
    }
    all.addAll(withParameters());
    all.addAll(integers());
    all.addAll(tests());
    return all;
  }

  private static OperatorCase doubles(String name) {
    return of(name, SAMPLES.doubles(3, 1)).within(1e-6);
  }

  private static Tensor extremes() {
    return Tensor.of(
        new float[] {0, -0f, 100, -100, 1e-8f, 2.4f, 2.6f, -5, 6.5f, Float.POSITIVE_INFINITY}, 10);
  }

  private static List<OperatorCase> withParameters() {
    var all = new ArrayList<OperatorCase>();
    for (String name : List.of("LeakyRelu", "Elu", "ThresholdedRelu", "Celu", "Swish")) {
      int opset = name.equals("Celu") ? 12 : 10;
      if (!name.equals("Swish")) {
        all.add(of(name, SAMPLES.floats(3, 4)).opset(opset));
        all.add(of(name, SAMPLES.floats(3, 4)).opset(16).with("alpha", 0.7f));
      }
    }
    all.add(of("Selu", SAMPLES.floats(20)));
    all.add(of("Selu", SAMPLES.floats(20)).with("alpha", 0.5f).with("gamma", 2f));
    all.add(of("HardSigmoid", SAMPLES.floats(20)));
    all.add(of("HardSigmoid", SAMPLES.floats(20)).with("alpha", 0.5f).with("beta", 0.3f));
    all.add(of("Shrink", SAMPLES.floats(20)));
    all.add(of("Shrink", SAMPLES.floats(20)).with("bias", 0.5f).with("lambd", 1.5f));
    all.add(of("Gelu", SAMPLES.floats(20)).opset(20));
    all.add(of("Gelu", SAMPLES.floats(20)).opset(20).with("approximate", "tanh"));
    all.add(
        of("Swish", Tensor.of(new double[] {0, 1, -2}, 3))
            .opset(24)
            .with("alpha", 0.5f)
            .gives(
                Tensor.of(new double[] {0, 1 / (1 + Math.exp(-0.5)), -2 / (1 + Math.exp(1))}, 3)));
    return all;
  }

  private static List<OperatorCase> integers() {
    var all = new ArrayList<OperatorCase>();
    for (ElementType type : List.of(ElementType.INT8, ElementType.INT32, ElementType.INT64)) {
      Tensor x = SAMPLES.integers(type, -9, 9, 3, 4);
      all.addAll(List.of(of("Abs", x), of("Neg", x), of("Sign", x)));
      if (type != ElementType.INT64) {
        all.add(of("Relu", x));
      }
      all.add(of("BitwiseNot", x).opset(18));
    }
    all.add(of("Abs", list(ElementType.INT8, -128)).gives(list(ElementType.INT8, -128)));
    all.add(
        of("BitwiseNot", list(ElementType.UINT16, 1))
            .opset(18)
            .gives(list(ElementType.UINT16, 65534)));
    all.add(of("Relu", list(ElementType.INT64, -3, 3)).gives(list(ElementType.INT64, 0, 3)));
    return all;
  }

  static Tensor list(ElementType type, long... values) {
    return Casts.cast(Tensor.of(values, values.length), type);
  }

  private static List<OperatorCase> tests() {
    Tensor x =
        Tensor.of(
            new float[] {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -2}, 5);
    return List.of(
        of("IsNaN", x).opset(9),
        of("IsNaN", x).opset(20),
        of("IsInf", x).opset(10),
        of("IsInf", Casts.cast(x, ElementType.DOUBLE)).opset(20),
        of("IsInf", x).with("detect_negative", 0L),
        of("IsInf", x).with("detect_positive", 0L),
        of("Neg", Casts.cast(SAMPLES.floats(7), ElementType.FLOAT16)),
        of("Sqrt", bfloat16(2, 3)).gives(bfloat16(1.4140625f, 1.734375f)));
  }

  private static Tensor bfloat16(float... values) {
    return Tensor.adopt(ElementType.BFLOAT16, Shape.of(values.length), values);
  }
}
