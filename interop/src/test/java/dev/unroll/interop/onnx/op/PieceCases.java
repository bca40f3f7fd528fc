package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.list;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Parts of tensors, and tensors put together. */
final class PieceCases {

  private static final Samples SAMPLES = new Samples(4);

  private PieceCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    all.addAll(slices());
    all.addAll(splits());
    all.addAll(joined());
    all.addAll(bounds());
    all.addAll(reversed());
    return all;
  }

  private static List<OperatorCase> slices() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(4, 5, 3);
    all.add(
        of("Slice", x).opset(7).with("starts", List.of(1L, -3L)).with("ends", List.of(9L, -1L)));
    all.add(
        of("Slice", x)
            .opset(9)
            .with("starts", List.of(0L))
            .with("ends", List.of(2L))
            .with("axes", List.of(2L)));
    all.addAll(in(List.of(10, 11, 13), of("Slice", x, list(1), list(3))));
    for (int i = 0; i < 40; i++) {
      Tensor starts = SAMPLES.longs(-7, 7, 2);
      Tensor ends = SAMPLES.longs(-7, 7, 2);
      long step = SAMPLES.below(3) + 1;
      Tensor axes = i % 2 == 0 ? list(1, 0) : list(-1, 0);
      all.add(of("Slice", x, starts, ends, axes, list(step, -step)));
    }
    all.add(of("Slice", x, list(-1), list(Long.MIN_VALUE), list(0), list(-1)));
    all.add(of("Slice", x, list(1), list(Long.MAX_VALUE), list(1), list(1)));
    all.add(of("Slice", x, list(0), list(Long.MAX_VALUE), list(1), list(Long.MAX_VALUE)));
    all.add(of("Slice", SAMPLES.booleans(3), list(2), list(-9), list(0), list(-2)));
    return all;
  }

  private static List<OperatorCase> splits() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(3, 6);
    OperatorCase along = of("Split", x).with("axis", 1L);
    all.addAll(in(List.of(7, 11, 13), along.outputs(2)));
    all.addAll(in(List.of(7, 11), along.with("split", List.of(1L, 2L, 3L)).outputs(3)));
    all.add(along.opset(11).with("axis", -1L).outputs(3));
    all.addAll(in(List.of(13, 18), of("Split", x, list(4, 0, 2)).with("axis", -1L).outputs(3)));
    all.add(
        of("Split", SAMPLES.floats(2, 7))
            .opset(18)
            .with("axis", 1L)
            .with("num_outputs", 4L)
            .outputs(4));
    all.add(of("Split", SAMPLES.longs(0, 9, 7)).opset(18).with("num_outputs", 3L).outputs(3));
    all.add(of("Split", x, list(1, 2)).outputs(2));
    return all;
  }

  private static List<OperatorCase> joined() {
    var all = new ArrayList<OperatorCase>();
    Tensor a = SAMPLES.floats(2, 3, 2);
    all.addAll(in(List.of(7, 11, 13), of("Concat", a, SAMPLES.floats(1, 3, 2)).with("axis", 0L)));
    all.add(of("Concat", a, SAMPLES.floats(2, 0, 2), SAMPLES.floats(2, 4, 2)).with("axis", 1L));
    all.add(of("Concat", a, SAMPLES.floats(2, 3, 1)).with("axis", -1L));
    all.add(of("Concat", list(1), list(2, 3)).with("axis", 0L));
    all.add(of("Concat", Samples.texts("a"), Samples.texts("b", "c")).with("axis", 0L));
    for (long k = -3; k <= 4; k++) {
      OperatorCase each = of("Trilu", SAMPLES.floats(2, 3, 4), scalar(k));
      all.add(each);
      all.add(each.with("upper", 0L));
    }
    all.add(of("Trilu", SAMPLES.longs(0, 9, 3, 3)).opset(14));
    all.add(of("Trilu", SAMPLES.longs(0, 9, 3, 2), scalar(Long.MAX_VALUE / 2)));
    all.add(of("Trilu", SAMPLES.longs(0, 9, 3, 2), scalar(-9)).with("upper", 0L));
    return all;
  }

  private static List<OperatorCase> bounds() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(4, 3);
    OperatorCase clip = of("Clip", x);
    all.addAll(in(List.of(7, 11, 13), clip));
    all.addAll(
        in(List.of(7, 10), clip.with("min", -1f), clip.with("max", 0.5f).with("min", -0.5f)));
    all.add(of("Clip", x, scalar(-1f), scalar(1f)).opset(11));
    all.add(of("Clip", x, null, scalar(1f)).opset(12));
    all.add(of("Clip", x, scalar(0f)).opset(13));
    all.add(of("Clip", x, scalar(2f), scalar(-2f)));
    all.add(of("Clip", SAMPLES.longs(-9, 9, 5), scalar(-3), scalar(4)));
    OperatorCase old = of("Pad", x).with("pads", List.of(1L, 0L, 0L, 2L));
    for (String mode : List.of("constant", "reflect", "edge")) {
      all.add(old.opset(7).with("mode", mode).with("value", 1.5f));
      all.addAll(
          in(
              List.of(11, 13, 18, 19, 21),
              of("Pad", x, list(1, 2, 0, 1), scalar(2f)).with("mode", mode),
              of("Pad", x, list(-1, 0, 0, 0)).with("mode", mode),
              of("Pad", x, list(0, 0, 0, 0)).with("mode", mode)));
    }
    all.add(of("Pad", x, list(1, 2, 0, 1)).opset(19).with("mode", "wrap"));
    all.add(of("Pad", x, list(1, 2), null, list(-1)).opset(18));
    all.add(of("Pad", x, list(1, -1), scalar(7f), list(0)).opset(18));
    all.add(of("Pad", SAMPLES.longs(0, 9, 2), list(1, 1), scalar(4)));
    all.add(of("Pad", SAMPLES.floats(0, 2), list(1, 0, 0, 1), scalar(4f)));
    return all;
  }

  private static List<OperatorCase> reversed() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(4, 3, 2);
    all.add(of("ReverseSequence", x, list(4, 1, 3)).opset(10));
    all.add(
        of("ReverseSequence", x, list(3, 2, 1, 1)).with("batch_axis", 0L).with("time_axis", 1L));
    all.add(of("ReverseSequence", SAMPLES.longs(0, 9, 4, 2), list(2, 4)));
    for (ElementType type : List.of(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT64)) {
      Tensor values = Casts.cast(SAMPLES.between(-5, 5, 2, 4, 3), type);
      for (long axis = -3; axis < 3; axis += 2) {
        OperatorCase sum = of("CumSum", values, scalar(axis));
        all.addAll(in(List.of(11, 14), sum, sum.with("reverse", 1L), sum.with("exclusive", 1L)));
        all.add(sum.with("exclusive", 1L).with("reverse", 1L));
      }
    }
    all.add(of("CumSum", SAMPLES.floats(0, 2), scalar(0)));
    return all;
  }
}
