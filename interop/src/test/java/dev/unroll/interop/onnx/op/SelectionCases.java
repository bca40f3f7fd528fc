package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.list;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Elements that indices, conditions or their size choose. */
final class SelectionCases {

  private static final Samples SAMPLES = new Samples(5);

  private SelectionCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    all.addAll(gathers());
    all.addAll(scatters());
    all.addAll(conditions());
    all.addAll(greatest());
    return all;
  }

  private static List<OperatorCase> gathers() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(4, 3, 5);
    all.addAll(in(List.of(7, 11, 13), of("Gather", x, SAMPLES.longs(0, 3, 2, 2))));
    for (long axis = -3; axis < 3; axis++) {
      int length = x.shape().axis((int) axis);
      OperatorCase each = of("Gather", x, SAMPLES.longs(-length, length - 1, 2, 3));
      all.add(each.with("axis", axis));
      all.add(of("Gather", x, scalar(length - 1)).with("axis", axis));
    }
    all.add(of("Gather", Samples.texts("a", "b", "c"), list(2, 0)));
    all.add(of("Gather", x, SAMPLES.integers(ElementType.INT32, 0, 3, 0, 2)));
    for (long axis = -3; axis < 3; axis++) {
      int length = x.shape().axis((int) axis);
      OperatorCase each = of("GatherElements", x, SAMPLES.longs(-length, length - 1, 4, 3, 5));
      all.addAll(in(List.of(11, 13), each.with("axis", axis)));
    }
    all.add(of("GatherElements", SAMPLES.floats(3, 4), SAMPLES.longs(0, 3, 2, 7)).with("axis", 1L));
    all.add(of("GatherND", x, SAMPLES.longs(-3, 2, 2, 3)).opset(11));
    all.add(of("GatherND", x, SAMPLES.longs(-3, 2, 2, 1, 2)).opset(12));
    all.add(of("GatherND", x, SAMPLES.longs(-3, 2, 1)));
    all.add(of("GatherND", x, SAMPLES.longs(-3, 2, 4, 2, 2)).with("batch_dims", 1L));
    all.add(of("GatherND", x, SAMPLES.longs(-5, 4, 4, 3, 1)).with("batch_dims", 2L));
    return all;
  }

  private static List<OperatorCase> scatters() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(4, 5);
    Tensor indices = Tensor.of(new long[] {0, -1, 2, 3, 1, 0}, 2, 3);
    Tensor updates = SAMPLES.floats(2, 3);
    OperatorCase each = of("ScatterElements", x, indices, updates).with("axis", 1L);
    all.addAll(in(List.of(11, 13, 16, 18), each));
    all.add(each.with("axis", 0L));
    all.add(of("Scatter", x, indices, updates).opset(9).with("axis", 1L));
    Tensor repeated = Tensor.of(new long[] {1, 1, 1, 2, 0, 2}, 2, 3);
    OperatorCase twice = of("ScatterElements", x, repeated, updates).with("axis", 1L);
    for (String reduction : List.of("add", "mul", "max", "min")) {
      all.add(twice.opset(18).with("reduction", reduction));
    }
    all.add(twice.opset(16).with("reduction", "add"));
    Tensor rows = Tensor.of(new long[] {3, 0, -2}, 3, 1);
    OperatorCase blocks = of("ScatterND", x, rows, SAMPLES.floats(3, 5));
    all.addAll(in(List.of(11, 13, 16, 18), blocks));
    for (String reduction : List.of("add", "mul", "max", "min")) {
      all.add(blocks.opset(18).with("reduction", reduction));
    }
    Tensor places = Tensor.of(new long[] {3, 0, 1, 4}, 2, 2);
    all.add(of("ScatterND", SAMPLES.longs(0, 9, 4, 5), places, list(77, 78)));
    return all;
  }

  private static List<OperatorCase> conditions() {
    var all = new ArrayList<OperatorCase>();
    Tensor condition = SAMPLES.booleans(3, 1);
    all.addAll(
        in(List.of(9, 16), of("Where", condition, SAMPLES.floats(2, 1, 4), SAMPLES.floats())));
    all.add(of("Where", SAMPLES.booleans(4), SAMPLES.longs(0, 9, 4), SAMPLES.longs(0, 9, 3, 1)));
    all.add(of("Where", SAMPLES.booleans(2), Samples.texts("a", "b"), Samples.texts("c", "d")));
    all.addAll(in(List.of(9, 13), of("NonZero", SAMPLES.booleans(3, 4))));
    all.add(of("NonZero", Tensor.of(new float[] {0, 1, -0f, 2}, 2, 1, 2)));
    all.add(of("NonZero", SAMPLES.longs(0, 1, 0, 2)));
    Tensor x = SAMPLES.floats(3, 4);
    all.addAll(
        in(
            List.of(9, 11),
            of("Compress", x, BinaryCases.bools(false, true, true)).with("axis", 0L),
            of("Compress", x, BinaryCases.bools(true, false)).with("axis", 1L),
            of("Compress", x, BinaryCases.bools(false, true, false, false, true))));
    all.add(of("Compress", x, BinaryCases.bools(true, false, true)).with("axis", -1L));
    return all;
  }

  private static List<OperatorCase> greatest() {
    var all = new ArrayList<OperatorCase>();
    Tensor ties = Casts.cast(SAMPLES.longs(0, 3, 3, 5, 4), ElementType.FLOAT);
    for (String name : List.of("ArgMax", "ArgMin")) {
      for (long axis = 0; axis < 3; axis++) {
        OperatorCase each = of(name, ties).with("axis", axis);
        all.addAll(in(List.of(7, 11, 12, 13), each, each.with("keepdims", 0L)));
        all.add(each.with("select_last_index", 1L));
        all.add(each.with("axis", axis - 3));
      }
      all.add(of(name, SAMPLES.integers(ElementType.INT32, -9, 9, 5)));
      all.add(of(name, SAMPLES.doubles(5, 1)));
    }
    Tensor x = SAMPLES.floats(3, 5, 4);
    all.add(of("TopK", x).opset(7).with("k", 3L).outputs(2));
    all.add(of("TopK", x).opset(9).with("k", 2L).with("axis", 1L).outputs(2));
    all.addAll(in(List.of(10, 11, 21), of("TopK", ties, list(2)).with("axis", 1L).outputs(2)));
    OperatorCase least = of("TopK", ties, list(3)).with("largest", 0L).outputs(2);
    all.addAll(List.of(least, least.with("axis", -3L)));
    all.add(of("TopK", SAMPLES.longs(-9, 9, 7), list(0)).outputs(2));
    all.add(of("TopK", SAMPLES.doubles(2, 7), list(7)).outputs(2));
    return all;
  }
}
