package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions over any number of axes. The windows of an example are written out as the columns of
 * a matrix, which the kernels multiply; see {@link Operand#multiply} for the order of sums.
 */
final class Convolution {

  private Convolution() {}

  static List<Definition> definitions() {
    return List.of(new Definition("Conv", 1, Convolution::run));
  }

  private static List<Tensor> run(Call call) {
    Tensor x = call.input(0);
    Tensor weights = call.input(1);
    Tensor bias = call.optional(2);
    int groups = Math.clamp(call.attributes().number("group", 1), 0, Integer.MAX_VALUE);
    check(x, weights, bias, groups);
    List<Integer> plane = x.shape().axes().subList(2, x.shape().rank());
    List<Long> kernel = weights.shape().axes().stream().skip(2).map(Integer::longValue).toList();
    if (!call.attributes().numbers("kernel_shape", kernel).equals(kernel)) {
      throw new IllegalArgumentException("kernel_shape is not that of the weights, " + kernel);
    }
    var windows = Windows.of(call.attributes(), plane, kernel);
    int batch = x.shape().axis(0);
    int channels = weights.shape().axis(1);
    int maps = weights.shape().axis(0) / groups;
    int count = windows.shape().size();
    var lengths = new ArrayList<>(List.of(batch, maps * groups));
    lengths.addAll(windows.shape().axes());
    var shape = new Shape(lengths);
    Object out = Elements.create(x.type(), shape);
    int depth = channels * windows.size();
    Object columns = Elements.create(x.type(), Shape.of(depth, count));
    int planeSize = new Shape(plane).size();
    for (int i = 0; i < batch * groups; i++) {
      writeColumns(x.elements(), i * channels * planeSize, planeSize, windows, columns);
      Operand.of(weights.elements(), i % groups * maps * depth, maps, depth)
          .multiply(
              Operand.of(columns, 0, depth, count),
              Operand.of(out, i * maps * count, maps, count),
              call.workers());
    }
    Tensor result = MatrixProducts.rounded(x.type(), shape, out);
    if (bias == null) {
      return List.of(result);
    }
    var biasShape = new ArrayList<Integer>(List.of(bias.size()));
    plane.forEach(axis -> biasShape.add(1));
    return List.of(Binary.ADD.apply(result, bias.reshaped(new Shape(biasShape))));
  }

  private static void check(Tensor x, Tensor weights, @Nullable Tensor bias, int groups) {
    boolean fits =
        x.type().isFloating()
            && x.type() == weights.type()
            && x.shape().rank() > 2
            && x.shape().rank() == weights.shape().rank()
            && groups > 0
            && (long) weights.shape().axis(1) * groups == x.shape().axis(1)
            && weights.shape().axis(0) % groups == 0
            && (bias == null || bias.shape().equals(Shape.of(weights.shape().axis(0))));
    if (!fits) {
      throw new IllegalArgumentException(
          "weights of " + weights + ", bias of " + bias + " and " + groups + " groups for " + x);
    }
  }

  /** Row after row an element of the window of a channel, column after column a window. */
  private static void writeColumns(
      Object x, int from, int planeSize, Windows windows, Object columns) {
    int count = windows.shape().size();
    int size = windows.size();
    if (count == 0 || size == 0) {
      return;
    }
    int rows = Array.getLength(columns) / count;
    for (int row = 0; row < rows; row++) {
      int channel = from + row / size * planeSize;
      for (int window = 0; window < count; window++) {
        int source = windows.sources()[window * size + row % size];
        int to = row * count + window;
        if (x instanceof float[] floats) {
          ((float[]) columns)[to] = source < 0 ? 0 : floats[channel + source];
        } else {
          ((double[]) columns)[to] = source < 0 ? 0 : ((double[]) x)[channel + source];
        }
      }
    }
  }
}
