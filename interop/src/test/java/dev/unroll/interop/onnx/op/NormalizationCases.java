package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;

import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Normalization by means and deviations. */
final class NormalizationCases {

  private static final Samples SAMPLES = new Samples(9);

  private NormalizationCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    int[][] shapes = {{4, 3}, {2, 3, 5}, {2, 3, 2, 2}};
    for (int[] shape : shapes) {
      OperatorCase each =
          of(
              "BatchNormalization",
              SAMPLES.floats(shape),
              SAMPLES.floats(3),
              SAMPLES.floats(3),
              SAMPLES.floats(3),
              SAMPLES.floatsBetween(0.1, 2, 3));
      all.addAll(
          in(List.of(7, 9, 14, 15), each.within(1e-5), each.with("epsilon", 0.1f).within(1e-5)));
    }
    Tensor x = SAMPLES.floats(2, 3, 2);
    Tensor each = SAMPLES.floats(3, 2);
    all.add(
        of("BatchNormalization", x, each, each, each, SAMPLES.floatsBetween(0.1, 2, 3, 2))
            .opset(7)
            .with("spatial", 0L)
            .within(1e-5));
    all.addAll(layers());
    all.add(
        of("InstanceNormalization", SAMPLES.floats(2, 3, 5), SAMPLES.floats(3), SAMPLES.floats(3))
            .within(1e-5));
    for (long axis = -1; axis < 2; axis++) {
      OperatorCase norm = of("LpNormalization", SAMPLES.floats(2, 3)).with("axis", axis);
      all.addAll(List.of(norm, norm.with("p", 1L)));
    }
    all.add(of("LpNormalization", Tensor.of(new float[4], 2, 2)));
    return all;
  }

  private static List<OperatorCase> layers() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(2, 3, 4);
    for (int axis = -3; axis < 3; axis++) {
      int first = axis < 0 ? axis + 3 : axis;
      int[] rest = java.util.Arrays.copyOfRange(new int[] {2, 3, 4}, first, 3);
      OperatorCase layer =
          of("LayerNormalization", x, SAMPLES.floats(rest), SAMPLES.floats(rest))
              .with("axis", (long) axis)
              .within(1e-5);
      all.add(layer);
      all.add(layer.outputs(3));
      all.add(layer.with("epsilon", 0.3f));
      OperatorCase square = of("RMSNormalization", x, SAMPLES.floats(rest)).opset(23);
      all.add(square.with("axis", (long) axis).within(1e-5));
    }
    all.add(of("LayerNormalization", x, SAMPLES.floats(4)).within(1e-5));
    all.add(
        of("LayerNormalization", SAMPLES.doubles(2, 5), SAMPLES.doubles(5), SAMPLES.doubles(5)));
    return all;
  }
}
