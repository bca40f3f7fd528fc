package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Convolutions and pooling. */
final class WindowCases {

  private static final Samples SAMPLES = new Samples(8);

  private WindowCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    all.addAll(convolutions());
    all.addAll(pools());
    return all;
  }

  private static List<OperatorCase> convolutions() {
    var all = new ArrayList<OperatorCase>();
    OperatorCase line =
        of("Conv", SAMPLES.floats(2, 4, 11), SAMPLES.floats(6, 4, 3), SAMPLES.floats(6));
    for (OperatorCase each : windows(line, 3)) {
      all.addAll(in(List.of(7, 11, 22), each.within(1e-5)));
    }
    OperatorCase groups = of("Conv", SAMPLES.floats(2, 4, 9), SAMPLES.floats(6, 2, 3));
    all.add(groups.with("group", 2L).within(1e-5));
    all.add(of("Conv", SAMPLES.floats(1, 3, 9), SAMPLES.floats(3, 1, 2)).with("group", 3L));
    all.add(of("Conv", SAMPLES.floats(0, 4, 11), SAMPLES.floats(6, 4, 3)));
    OperatorCase plane = of("Conv", SAMPLES.floats(2, 3, 7, 6), SAMPLES.floats(4, 3, 3, 2));
    all.add(plane.within(1e-5));
    all.add(
        plane
            .with("pads", List.of(1L, 0L, 2L, 1L))
            .with("strides", List.of(2L, 1L))
            .with("dilations", List.of(1L, 2L))
            .within(1e-5));
    all.add(plane.with("auto_pad", "SAME_UPPER").within(1e-5));
    all.add(of("Conv", SAMPLES.floats(1, 2, 4, 3, 4), SAMPLES.floats(2, 2, 2, 2, 2)).within(1e-5));
    Tensor doubles = Tensor.of(new double[] {1, 2, 3}, 1, 1, 3);
    all.add(
        of(
                "Conv",
                doubles,
                Tensor.of(new double[] {1, 10}, 1, 1, 2),
                Tensor.of(new double[] {5}, 1))
            .gives(Tensor.of(new double[] {26, 37}, 1, 1, 2)));
    return all;
  }

  /** A case in all ways to place windows of this length. */
  private static List<OperatorCase> windows(OperatorCase plain, long length) {
    var all = new ArrayList<OperatorCase>();
    OperatorCase each = plain.with("kernel_shape", List.of(length));
    all.add(each);
    all.add(each.with("pads", List.of(1L, 2L)));
    all.add(each.with("strides", List.of(2L)));
    all.add(each.with("strides", List.of(3L)).with("pads", List.of(0L, 1L)));
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET")) {
      all.add(each.with("auto_pad", auto));
      all.add(each.with("auto_pad", auto).with("strides", List.of(2L)));
    }
    if (!plain.name().equals("AveragePool")) {
      all.add(each.with("dilations", List.of(2L)).with("pads", List.of(1L, 0L)).opset(11));
    }
    return all;
  }

  private static List<OperatorCase> pools() {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(2, 3, 10);
    for (String name : List.of("MaxPool", "AveragePool")) {
      for (OperatorCase each : windows(of(name, x), 3)) {
        boolean dilated = each.attributes().containsKey("dilations");
        all.addAll(in(dilated ? List.of(10, 12) : List.of(7, 8, 10, 12, 22), each));
        if (name.equals("MaxPool")) {
          all.add(each.opset(12).outputs(2));
        }
        if (each.attributes().containsKey("strides")) {
          all.addAll(in(List.of(10, 12, 19), each.with("ceil_mode", 1L)));
        }
      }
      all.add( // a window that begins inside and ends after the padding
          of(name, SAMPLES.floats(2, 2, 1))
              .opset(19)
              .with("kernel_shape", List.of(3L))
              .with("strides", List.of(3L))
              .with("ceil_mode", 1L));
      OperatorCase plane =
          of(name, SAMPLES.floats(1, 2, 5, 6)).with("kernel_shape", List.of(2L, 3L));
      all.add(plane);
      all.add(plane.with("pads", List.of(1L, 0L, 0L, 2L)).with("strides", List.of(2L, 1L)));
    }
    OperatorCase indices =
        of("MaxPool", SAMPLES.floats(2, 2, 4, 5)).with("kernel_shape", List.of(2L, 2L)).outputs(2);
    all.addAll(List.of(indices, indices.with("storage_order", 1L)));
    all.add(
        of("MaxPool", SAMPLES.integers(ElementType.INT8, -99, 99, 1, 2, 6))
            .opset(12)
            .with("kernel_shape", List.of(2L)));
    OperatorCase padded =
        of("AveragePool", x).with("kernel_shape", List.of(3L)).with("pads", List.of(1L, 1L));
    all.addAll(in(List.of(7, 10, 11, 19), padded.with("count_include_pad", 1L)));
    all.add(
        padded
            .opset(19)
            .with("count_include_pad", 1L)
            .with("ceil_mode", 1L)
            .with("strides", List.of(2L)));
    all.add(padded.opset(19).with("dilations", List.of(2L)));
    for (String name : List.of("GlobalMaxPool", "GlobalAveragePool")) {
      all.addAll(List.of(of(name, x).opset(7), of(name, SAMPLES.floats(2, 3, 4, 2))));
    }
    return all;
  }
}
