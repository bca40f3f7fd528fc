package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.list;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What becomes of all elements along some axes. */
final class ReductionCases {

  private static final Samples SAMPLES = new Samples(6);

  private static final List<String> NAMES =
      List.of(
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceSumSquare",
          "ReduceLogSum",
          "ReduceLogSumExp");

  private ReductionCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    for (String name : NAMES) {
      all.addAll(byAttribute(name));
      all.addAll(byInput(name));
      all.addAll(otherTypes(name));
    }
    all.addAll(distributions());
    return all;
  }

  private static Tensor sample(String name, int... axes) {
    return name.equals("ReduceLogSum") ? SAMPLES.floatsBetween(0.1, 3, axes) : SAMPLES.floats(axes);
  }

  private static List<OperatorCase> byAttribute(String name) {
    List<Integer> opsets = name.equals("ReduceSum") ? List.of(7, 11) : List.of(7, 11, 13);
    OperatorCase each = of(name, sample(name, 2, 3, 4));
    var all = new ArrayList<>(in(opsets, each, each.with("keepdims", 0L)));
    for (List<Long> axes : List.of(List.of(0L), List.of(2L), List.of(0L, 2L), List.of(1L, 2L))) {
      all.addAll(in(opsets, each.with("axes", axes), each.with("axes", axes).with("keepdims", 0L)));
    }
    all.add(each.opset(11).with("axes", List.of(-2L)));
    return all;
  }

  private static List<OperatorCase> byInput(String name) {
    List<Integer> opsets = name.equals("ReduceSum") ? List.of(13, 18) : List.of(18, 20);
    OperatorCase plain = of(name, sample(name, 2, 3, 4));
    Tensor x = plain.inputs().get(0);
    var all = new ArrayList<>(in(opsets, plain, plain.with("keepdims", 0L)));
    for (Tensor axes : List.of(list(0), list(-1), list(2, 0), list(0, 1, 2))) {
      all.addAll(in(opsets, of(name, x, axes), of(name, x, axes).with("keepdims", 0L)));
    }
    all.addAll(in(opsets, of(name, x, list())));
    all.add(withoutReduction(name));
    if (!name.equals("ReduceMean")) { // 0 in ONNX Runtime; the specification leaves it open
      all.add(of(name, sample(name, 2, 0, 3), list(1)).opset(18));
    }
    all.add(of(name, sample(name), list()).opset(18));
    return all;
  }

  /** Here ONNX Runtime gives the input; the specification says «other operations are performed». */
  private static OperatorCase withoutReduction(String name) {
    Tensor x = Tensor.of(new double[] {4, 0.5, 1}, 3);
    Tensor y =
        switch (name) {
          case "ReduceSumSquare" -> Tensor.of(new double[] {16, 0.25, 1}, 3);
          case "ReduceLogSum" -> Tensor.of(new double[] {Math.log(4), Math.log(0.5), 0}, 3);
          default -> x;
        };
    return of(name, x, list()).opset(18).with("noop_with_empty_axes", 1L).gives(y);
  }

  private static List<OperatorCase> otherTypes(String name) {
    var all = new ArrayList<OperatorCase>();
    Tensor doubles = Casts.cast(sample(name, 3, 2, 2), ElementType.DOUBLE);
    all.add(of(name, doubles, list(1)).opset(18));
    if (!name.contains("Log") && !name.equals("ReduceL2")) {
      for (ElementType type : List.of(ElementType.INT32, ElementType.INT64)) {
        if (type == ElementType.INT32 || !List.of("ReduceL1", "ReduceMean").contains(name)) {
          all.add(of(name, SAMPLES.integers(type, -9, 9, 3, 4), list(0)).opset(18));
        }
      }
    }
    if (List.of("ReduceMax", "ReduceMin").contains(name)) {
      all.add(of(name, SAMPLES.booleans(3, 2), list(1)).opset(20));
      all.add(of(name, SAMPLES.integers(ElementType.INT8, -99, 99, 3, 2), list(1)).opset(18));
    }
    return all;
  }

  private static List<OperatorCase> distributions() {
    var all = new ArrayList<OperatorCase>();
    for (String name : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      OperatorCase each = of(name, SAMPLES.floats(2, 3, 4));
      all.addAll(in(List.of(7, 11, 13), each));
      for (long axis = 0; axis < 3; axis++) {
        all.addAll(in(List.of(7, 11, 13), each.with("axis", axis)));
        all.addAll(in(List.of(11, 13), each.with("axis", axis - 3)));
      }
      if (!name.equals("Hardmax")) {
        all.add(of(name, SAMPLES.doubles(2, 5)));
      }
      all.add(of(name, SAMPLES.floatsBetween(-200, 200, 4, 5)));
      all.add(of(name, Tensor.of(new float[] {1, Float.NEGATIVE_INFINITY, 2}, 1, 3)));
    }
    return all;
  }
}
