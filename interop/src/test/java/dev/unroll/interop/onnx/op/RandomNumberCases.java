package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.RandomShapes.list;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Random calls of reductions, rankings, products, windows, normalizations and quantization. */
final class RandomNumberCases {

  private RandomNumberCases() {}

  static Map<String, Function<RandomShapes, OperatorCase>> all() {
    var all = new TreeMap<String, Function<RandomShapes, OperatorCase>>();
    for (String name :
        List.of("Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "SumSquare", "LogSumExp")) {
      all.put("Reduce" + name, r -> reduced(r, "Reduce" + name));
    }
    all.put("ArgMax", r -> best(r, "ArgMax"));
    all.put("ArgMin", r -> best(r, "ArgMin"));
    all.put("TopK", RandomNumberCases::top);
    for (String name : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      all.put(name, r -> distribution(r, name));
    }
    all.put("CumSum", RandomNumberCases::sums);
    all.put("MatMul", RandomNumberCases::product);
    all.put("Gemm", RandomNumberCases::gemm);
    all.put("Conv", RandomNumberCases::convolution);
    all.put("MaxPool", r -> pool(r, "MaxPool"));
    all.put("AveragePool", r -> pool(r, "AveragePool"));
    all.put("BatchNormalization", RandomNumberCases::batchNormalization);
    all.put("LayerNormalization", RandomNumberCases::layerNormalization);
    all.put("Dropout", r -> of("Dropout", floats(r, 0, 3)).outputs(2).opset(r.any(12, 13)));
    all.put("DynamicQuantizeLinear", r -> of("DynamicQuantizeLinear", floats(r, 0, 3)).outputs(3));
    all.put("QuantizeLinear", RandomNumberCases::quantized);
    all.put("DequantizeLinear", RandomNumberCases::dequantized);
    all.put("MatMulInteger", RandomNumberCases::integerProduct);
    return all;
  }

  private static Tensor floats(RandomShapes r, int leastRank, int mostRank) {
    return r.tensor(ElementType.FLOAT, r.shape(leastRank, mostRank));
  }

  private static OperatorCase reduced(RandomShapes r, String name) {
    ElementType type =
        name.equals("ReduceLogSumExp") || r.once(2)
            ? r.any(ElementType.FLOAT, ElementType.DOUBLE)
            : r.any(ElementType.INT32, ElementType.INT64);
    int[] shape = r.filled(0, 4); // of empty ones ONNX Runtime keeps the axes
    Tensor x = r.tensor(type, shape);
    boolean asInput = r.once(2);
    List<Long> axes = r.once(3) ? List.of() : r.axes(shape.length);
    OperatorCase each = asInput && !axes.isEmpty() ? of(name, x, list(axes)) : of(name, x);
    int since = name.equals("ReduceSum") ? 13 : 18;
    each = each.opset(asInput ? since : 11).within(1e-5);
    each = asInput || axes.isEmpty() ? each : each.with("axes", axes);
    each = asInput && r.once(3) ? each.with("noop_with_empty_axes", 1L) : each;
    return r.once(2) ? each : each.with("keepdims", r.any(0L, 1L));
  }

  /** With many equal elements. */
  private static Tensor ties(RandomShapes r, ElementType type, int... shape) {
    return Casts.cast(r.samples().longs(0, 3, shape), type);
  }

  private static OperatorCase best(RandomShapes r, String name) {
    ElementType type =
        r.any(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32, ElementType.UINT8);
    Tensor x = ties(r, type, r.filled(1, 4));
    OperatorCase each = of(name, x).opset(r.any(12, 13));
    each = r.once(4) ? each : each.with("axis", r.axis(x.shape().rank()));
    each = r.once(2) ? each : each.with("keepdims", 0L);
    return r.once(2) ? each : each.with("select_last_index", 1L);
  }

  private static OperatorCase top(RandomShapes r) {
    ElementType type =
        r.any(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32, ElementType.INT64);
    Tensor x = ties(r, type, r.filled(1, 3));
    long axis = r.axis(x.shape().rank());
    int k = r.between(1, x.shape().axis((int) axis));
    return of("TopK", x, Samples.list(k))
        .opset(11)
        .with("axis", axis)
        .with("largest", r.any(0L, 1L))
        .outputs(2);
  }

  private static OperatorCase distribution(RandomShapes r, String name) {
    ElementType type = r.any(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE);
    Tensor x = r.tensor(type, r.filled(1, 4));
    if (r.once(3)) {
      x = masked(r, x);
    }
    OperatorCase each = of(name, x).opset(r.any(7, 11, 13)).within(1e-5);
    boolean fromEnd = each.opset() >= 11;
    int rank = x.shape().rank();
    return r.once(4) ? each : each.with("axis", fromEnd ? r.axis(rank) : (long) r.below(rank));
  }

  /** With elements that are as small as can be. */
  private static Tensor masked(RandomShapes r, Tensor x) {
    double[] values = x.doubles();
    Arrays.setAll(values, i -> r.once(4) ? Double.NEGATIVE_INFINITY : values[i]);
    return Casts.cast(Tensor.adopt(ElementType.DOUBLE, x.shape(), values), x.type());
  }

  private static OperatorCase sums(RandomShapes r) {
    ElementType type =
        r.any(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32, ElementType.INT64);
    Tensor x = r.tensor(type, r.shape(1, 3));
    return of("CumSum", x, scalar(r.axis(x.shape().rank())))
        .opset(r.any(11, 14))
        .with("reverse", r.any(0L, 1L))
        .with("exclusive", r.any(0L, 1L));
  }

  private static int[] joined(int[] batch, int... matrix) {
    return IntStream.concat(IntStream.of(batch), IntStream.of(matrix)).toArray();
  }

  private static OperatorCase product(RandomShapes r) {
    ElementType type =
        r.any(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32);
    int[] batch = r.filled(0, 2);
    int depth = r.between(1, 5);
    boolean row = r.once(6);
    boolean column = r.once(6);
    int[] left = row ? new int[] {depth} : joined(r.narrower(batch), r.between(1, 8), depth);
    int[] right = column ? new int[] {depth} : joined(r.narrower(batch), depth, r.between(1, 4));
    return of("MatMul", r.tensor(type, left), r.tensor(type, right))
        .opset(r.any(9, 13))
        .within(1e-5);
  }

  private static OperatorCase gemm(RandomShapes r) {
    int rows = r.between(1, 8);
    int depth = r.between(1, 5);
    int columns = r.between(1, 4);
    boolean turnedA = r.once(2);
    boolean turnedB = r.once(2);
    ElementType type = r.any(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE);
    Tensor a = turnedA ? r.tensor(type, depth, rows) : r.tensor(type, rows, depth);
    Tensor b = turnedB ? r.tensor(type, columns, depth) : r.tensor(type, depth, columns);
    Tensor c = r.once(4) ? null : r.tensor(type, r.narrower(new int[] {rows, columns}));
    OperatorCase each = c == null ? of("Gemm", a, b) : of("Gemm", a, b, c);
    each = r.once(2) ? each : each.with("alpha", 0.5f);
    each = r.once(2) ? each : each.with("beta", r.any(0f, -2f));
    return each.opset(r.any(11, 13))
        .with("transA", turnedA ? 1L : 0L)
        .with("transB", turnedB ? 1L : 0L)
        .within(1e-5);
  }

  private static OperatorCase convolution(RandomShapes r) {
    int groups = r.any(1, 1, 2, 3);
    int channels = r.between(1, 2);
    int window = r.between(1, 4);
    int length = r.between(window, 9);
    Tensor x = r.tensor(ElementType.FLOAT, r.between(1, 2), groups * channels, length);
    Tensor weights = r.tensor(ElementType.FLOAT, groups * r.between(1, 2), channels, window);
    Tensor bias = r.once(2) ? null : r.tensor(ElementType.FLOAT, weights.shape().axis(0));
    OperatorCase each = bias == null ? of("Conv", x, weights) : of("Conv", x, weights, bias);
    each = windows(r, each, r.once(2)).with("group", (long) groups);
    return each.opset(r.any(7, 11, 22)).within(1e-5);
  }

  private static OperatorCase windows(RandomShapes r, OperatorCase plain, boolean dilated) {
    OperatorCase each = r.once(2) ? plain : plain.with("strides", List.of((long) r.between(1, 3)));
    each = dilated ? each.with("dilations", List.of((long) r.between(1, 2))) : each;
    return switch (r.below(4)) {
      case 0 -> each.with("auto_pad", r.any("SAME_UPPER", "SAME_LOWER", "VALID"));
      case 1 -> each;
      default -> each.with("pads", List.of((long) r.between(0, 2), (long) r.between(0, 2)));
    };
  }

  private static OperatorCase pool(RandomShapes r, String name) {
    int window = r.between(1, 4);
    ElementType type = r.any(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE);
    Tensor x = r.tensor(type, r.between(1, 2), r.between(1, 3), r.between(1, 9));
    OperatorCase each = of(name, x).with("kernel_shape", List.of((long) window));
    boolean greatest = name.equals("MaxPool");
    each = windows(r, each, r.once(3));
    each = r.once(2) ? each : each.with("ceil_mode", 1L);
    if (greatest) {
      return (r.once(2) ? each : each.outputs(2)).opset(12);
    }
    return (r.once(2) ? each : each.with("count_include_pad", 1L)).opset(19).within(1e-5);
  }

  private static OperatorCase batchNormalization(RandomShapes r) {
    Tensor x = r.tensor(ElementType.FLOAT, r.filled(2, 4));
    int channels = x.shape().axis(1);
    Tensor one = r.tensor(ElementType.FLOAT, channels);
    Tensor deviation = r.samples().floatsBetween(0.1, 2, channels);
    OperatorCase each = of("BatchNormalization", x, one, one, one, deviation);
    return each.opset(r.any(7, 9, 14, 15)).with("epsilon", r.any(1e-5f, 0.1f)).within(1e-4);
  }

  private static OperatorCase layerNormalization(RandomShapes r) {
    int[] shape = r.filled(1, 4);
    ElementType type = r.any(ElementType.FLOAT, ElementType.DOUBLE);
    long axis = r.axis(shape.length);
    int first = (int) (axis < 0 ? axis + shape.length : axis);
    int[] rest = Arrays.copyOfRange(shape, first, shape.length);
    Tensor x = r.tensor(type, shape);
    Tensor scale = r.tensor(type, rest);
    OperatorCase each =
        r.once(3)
            ? of("LayerNormalization", x, scale)
            : of("LayerNormalization", x, scale, r.tensor(type, rest));
    return each.with("axis", axis).outputs(r.any(1, 3)).within(1e-4);
  }

  private static OperatorCase quantized(RandomShapes r) {
    Tensor x = r.tensor(ElementType.FLOAT, r.filled(1, 3));
    ElementType type = r.any(ElementType.UINT8, ElementType.INT8);
    int rank = x.shape().rank();
    boolean all = r.once(2);
    long axis = r.axis(rank);
    int[] shape = all ? new int[0] : new int[] {x.shape().axis((int) axis)};
    Tensor scale = r.samples().floatsBetween(0.01, 0.1, shape);
    Tensor zero = r.tensor(type, shape);
    OperatorCase each =
        r.once(4) ? of("QuantizeLinear", x, scale) : of("QuantizeLinear", x, scale, zero);
    each = each.opset(r.any(13, 19));
    return all ? each : each.with("axis", axis);
  }

  private static OperatorCase dequantized(RandomShapes r) {
    ElementType type = r.any(ElementType.UINT8, ElementType.INT8, ElementType.INT32);
    Tensor x = r.tensor(type, r.filled(1, 3));
    boolean all = r.once(2);
    long axis = r.axis(x.shape().rank());
    int[] shape = all ? new int[0] : new int[] {x.shape().axis((int) axis)};
    Tensor scale = r.samples().floatsBetween(0.01, 0.1, shape);
    boolean centered = r.once(3) || type == ElementType.INT32;
    OperatorCase each =
        centered
            ? of("DequantizeLinear", x, scale)
            : of("DequantizeLinear", x, scale, r.tensor(type, shape));
    each = each.opset(r.any(13, 19));
    return all ? each : each.with("axis", axis);
  }

  private static OperatorCase integerProduct(RandomShapes r) {
    ElementType left = r.any(ElementType.UINT8, ElementType.INT8);
    ElementType right = r.any(ElementType.UINT8, ElementType.INT8);
    int rows = r.between(1, 4);
    int depth = r.between(1, 5);
    int columns = r.between(1, 4);
    int[] batch = r.filled(0, 2);
    Tensor a = r.tensor(left, joined(batch, rows, depth));
    Tensor b = r.tensor(right, joined(r.once(2) ? new int[0] : batch, depth, columns));
    var inputs = new ArrayList<Tensor>(List.of(a, b));
    if (!r.once(3)) {
      inputs.add(r.once(2) ? r.tensor(left) : r.tensor(left, batch.length == 0 ? rows : 1));
      if (r.once(2)) {
        inputs.add(r.once(2) ? r.tensor(right) : r.tensor(right, columns));
      }
    }
    return of("MatMulInteger", inputs.toArray(Tensor[]::new));
  }
}
