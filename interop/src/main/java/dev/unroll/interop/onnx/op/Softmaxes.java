package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** Distributions along an axis; sums are taken in double, in ascending order. */
final class Softmaxes {

  /** From this version on along one axis; before along all from that axis on. */
  private static final int ONE_AXIS = 13;

  private Softmaxes() {}

  /** What becomes of the elements along an axis, in their place. */
  @FunctionalInterface
  private interface Line {
    void replace(double[] line);
  }

  static List<Definition> definitions() {
    return List.of(
        new Definition("Softmax", 1, flattened(Softmaxes::softmax)),
        new Definition("Softmax", ONE_AXIS, along(Softmaxes::softmax)),
        new Definition("LogSoftmax", 1, flattened(Softmaxes::logSoftmax)),
        new Definition("LogSoftmax", ONE_AXIS, along(Softmaxes::logSoftmax)),
        new Definition("Hardmax", 1, flattened(Softmaxes::hardmax)),
        new Definition("Hardmax", ONE_AXIS, along(Softmaxes::hardmax)));
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
    double[] values = x.doubles();
    var line = new double[around.length()];
    for (int before = 0; before < around.outer(); before++) {
      for (int after = 0; after < around.inner(); after++) {
        for (int i = 0; i < line.length; i++) {
          line[i] = values[around.at(before, i, after)];
        }
        function.replace(line);
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
