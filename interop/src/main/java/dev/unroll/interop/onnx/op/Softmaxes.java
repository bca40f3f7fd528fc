package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Softmax;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Distributions along an axis. Floats that lie side by side run on the kernels; else sums are taken
 * in double, in ascending order.
 */
final class Softmaxes {

  /** From this version on along one axis; before along all from that axis on. */
  private static final int ONE_AXIS = 13;

  private Softmaxes() {}

  /** Replaces {@code count} elements from {@code from} on. */
  @FunctionalInterface
  private interface Kernel {
    void replace(float[] x, int from, int count);
  }

  /**
   * What becomes of the elements along an axis, in their place.
   *
   * @param kernel for floats that lie side by side
   */
  private record Line(Kernel kernel, Consumer<double[]> plain) {}

  private static final Line SOFTMAX = new Line(Softmax::replaceByProbabilities, Softmaxes::softmax);
  private static final Line LOG_SOFTMAX = new Line(Softmaxes::logSoftmax, Softmaxes::logSoftmax);
  private static final Line HARDMAX = new Line(Softmaxes::hardmax, Softmaxes::hardmax);

  static List<Definition> definitions() {
    return List.of(
        new Definition("Softmax", 1, flattened(SOFTMAX)),
        new Definition("Softmax", ONE_AXIS, along(SOFTMAX)),
        new Definition("LogSoftmax", 1, flattened(LOG_SOFTMAX)),
        new Definition("LogSoftmax", ONE_AXIS, along(LOG_SOFTMAX)),
        new Definition("Hardmax", 1, flattened(HARDMAX)),
        new Definition("Hardmax", ONE_AXIS, along(HARDMAX)));
  }

  private static Operator along(Line function) {
    return call -> {
      Tensor x = call.input(0);
      int axis = Axes.axis(call.attributes().number("axis", -1), x.shape().rank());
      return List.of(apply(x, new Around(x.shape(), axis), function));
    };
  }

  private static Operator flattened(Line function) {
    return call -> {
      Tensor x = call.input(0);
      Shape shape = x.shape();
      int axis = Axes.axis(call.attributes().number("axis", 1), shape.rank());
      int outer = Around.product(shape, 0, axis);
      int length = Around.product(shape, axis, shape.rank());
      return List.of(apply(x, new Around(outer, length, 1), function));
    };
  }

  private static Tensor apply(Tensor x, Around around, Line function) {
    if (!x.type().isFloating()) {
      throw Elements.unfit(x.type());
    }
    if (x.type() == ElementType.FLOAT && around.inner() == 1 && around.length() > 0) {
      float[] values = x.floats();
      for (int before = 0; before < around.outer(); before++) {
        function.kernel.replace(values, before * around.length(), around.length());
      }
      return Tensor.adopt(ElementType.FLOAT, x.shape(), values);
    }
    double[] values = x.doubles();
    var line = new double[around.length()];
    for (int before = 0; before < around.outer(); before++) {
      for (int after = 0; after < around.inner(); after++) {
        for (int i = 0; i < line.length; i++) {
          line[i] = values[around.at(before, i, after)];
        }
        function.plain.accept(line);
        for (int i = 0; i < line.length; i++) {
          values[around.at(before, i, after)] = line[i];
        }
      }
    }
    return Elements.real(x.type(), x.shape(), values);
  }

  private static double greatest(double[] line) {
    double most = Double.NEGATIVE_INFINITY;
    for (double x : line) {
      most = Math.max(most, x);
    }
    return most;
  }

  private static void softmax(double[] line) {
    double most = greatest(line);
    double sum = 0;
    for (int i = 0; i < line.length; i++) {
      line[i] = StrictMath.exp(line[i] - most);
      sum += line[i];
    }
    for (int i = 0; i < line.length; i++) {
      line[i] /= sum;
    }
  }

  private static void logSoftmax(float[] x, int from, int count) {
    double log = Softmax.logSumExp(x, from, count);
    for (int i = from; i < from + count; i++) {
      x[i] = (float) (x[i] - log);
    }
  }

  private static void logSoftmax(double[] line) {
    double most = greatest(line);
    double sum = 0;
    for (double x : line) {
      sum += StrictMath.exp(x - most);
    }
    double log = StrictMath.log(sum);
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] - most - log;
    }
  }

  private static void hardmax(float[] x, int from, int count) {
    int place = Reductions.placeOfMax(x, from, count);
    Arrays.fill(x, from, from + count, 0);
    x[from + place] = 1;
  }

  /** 1 at the first of the greatest elements, else 0. */
  private static void hardmax(double[] line) {
    double most = greatest(line);
    boolean found = false;
    for (int i = 0; i < line.length; i++) {
      boolean first = !found && line[i] == most;
      found |= first;
      line[i] = first ? 1 : 0;
    }
  }
}
