package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The greatest elements or the means of windows, over any number of axes. */
final class Pooling {

  private Pooling() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("MaxPool", 1, Pooling::greatest),
        new Definition("AveragePool", 7, Pooling::mean),
        new Definition("GlobalMaxPool", 1, call -> all(call, Reduction.MAX)),
        new Definition("GlobalAveragePool", 1, call -> all(call, Reduction.MEAN)));
  }

  private static List<Tensor> all(Call call, Reduction reduction) {
    Tensor x = call.input(0);
    List<Integer> axes = IntStream.range(2, Math.max(2, x.shape().rank())).boxed().toList();
    return List.of(reduction.reduce(x, axes));
  }

  private static Windows windows(Call call) {
    Shape shape = call.input(0).shape();
    if (shape.rank() < 3) {
      throw new IllegalArgumentException("there is nothing to pool in " + shape);
    }
    return Windows.of(
        call.attributes(),
        shape.axes().subList(2, shape.rank()),
        call.attributes().numbers("kernel_shape", List.of()));
  }

  private static Shape result(Tensor x, Windows windows) {
    var lengths = new ArrayList<>(x.shape().axes().subList(0, 2));
    lengths.addAll(windows.shape().axes());
    return new Shape(lengths);
  }

  private static List<Tensor> greatest(Call call) {
    Tensor x = call.input(0);
    var windows = windows(call);
    Shape shape = result(x, windows);
    double[] in = x.doubles();
    Object out = Elements.create(x.type(), shape);
    long[] indices = Elements.longs(shape);
    int plane = Around.product(x.shape(), 2, x.shape().rank());
    boolean columns = call.attributes().number("storage_order", 0) != 0;
    int count = windows.shape().size();
    for (int i = 0; i < indices.length; i++) {
      int channel = i / count * plane;
      int best = placeOfGreatest(in, channel, windows, i % count);
      System.arraycopy(x.elements(), channel + best, out, i, 1);
      long place = columns ? byColumns(x.shape(), best) : best;
      indices[i] = channel + place;
    }
    return List.of(
        Tensor.adopt(x.type(), shape, out), Tensor.adopt(ElementType.INT64, shape, indices));
  }

  /** The first of the greatest elements of a window; a NaN is greater than all. */
  private static int placeOfGreatest(double[] in, int channel, Windows windows, int window) {
    int best = Windows.PADDING;
    for (int i = window * windows.size(); i < (window + 1) * windows.size(); i++) {
      int source = windows.sources()[i];
      if (source >= 0
          && (best < 0 || Ranking.compare(in[channel + source], in[channel + best]) > 0)) {
        best = source;
      }
    }
    if (best < 0) {
      throw new IllegalArgumentException("a window lies in the padding only");
    }
    return best;
  }

  /** The place of an element if the first axis of the plane were the contiguous one. */
  private static int byColumns(Shape shape, int place) {
    int[] strides = shape.strides();
    int stride = 1;
    int result = 0;
    for (int axis = 2; axis < shape.rank(); axis++) {
      result += place / strides[axis] % shape.axis(axis) * stride;
      stride *= shape.axis(axis);
    }
    return result;
  }

  private static List<Tensor> mean(Call call) {
    Tensor x = call.input(0);
    var windows = windows(call);
    Shape shape = result(x, windows);
    double[] in = x.doubles();
    double[] out = Elements.doubles(shape);
    int plane = Around.product(x.shape(), 2, x.shape().rank());
    boolean withPadding = call.attributes().number("count_include_pad", 0) != 0;
    int count = windows.shape().size();
    for (int i = 0; i < out.length; i++) {
      int from = i % count * windows.size();
      double sum = 0;
      int elements = 0;
      for (int j = from; j < from + windows.size(); j++) {
        int source = windows.sources()[j];
        if (source >= 0) {
          sum += in[i / count * plane + source];
        }
        elements += source >= 0 || (withPadding && source == Windows.PADDING) ? 1 : 0;
      }
      out[i] = sum / elements;
    }
    return List.of(Elements.real(x.type(), shape, out));
  }
}
