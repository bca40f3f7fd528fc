package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements with their mean taken away and divided by their deviation, all in double. */
final class Normalization {

  private Normalization() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("BatchNormalization", 7, Normalization::batch),
        new Definition("InstanceNormalization", 6, Normalization::instance),
        new Definition("LayerNormalization", 17, Normalization::layer),
        new Definition("RMSNormalization", 23, Normalization::rootMeanSquare),
        new Definition("LpNormalization", 1, Normalization::norm));
  }

  /** By the mean and variance that training has found, of each channel: axis 1. */
  private static List<Tensor> batch(Call call) {
    boolean training = call.attributes().number("training_mode", 0) != 0;
    if (training || call.outputs() > 1) {
      throw new IllegalArgumentException(
          "BatchNormalization is in training mode; export for inference");
    }
    Tensor x = call.input(0);
    boolean each = call.attributes().number("spatial", 1) == 0; // each element of a channel
    var lengths = new ArrayList<>(Collections.nCopies(Math.max(2, x.shape().rank()) - 1, 1));
    for (int axis = 1; axis < x.shape().rank(); axis++) {
      lengths.set(axis - 1, axis == 1 || each ? x.shape().axis(axis) : 1);
    }
    var shape = new Shape(x.shape().rank() < 2 ? List.of(1) : lengths);
    var parameters = new double[4][];
    for (int i = 0; i < parameters.length; i++) {
      Tensor given = call.input(i + 1);
      if (given.size() != shape.size()) {
        throw new IllegalArgumentException("input " + (i + 1) + " is " + given + " for " + x);
      }
      parameters[i] = given.doubles();
    }
    float epsilon = call.attributes().real("epsilon", 1e-5f);
    var factor = new double[shape.size()];
    var shift = new double[shape.size()];
    for (int i = 0; i < factor.length; i++) {
      factor[i] = parameters[0][i] / Math.sqrt(parameters[3][i] + epsilon);
      shift[i] = parameters[1][i] - parameters[2][i] * factor[i];
    }
    return List.of(scaled(x, x, real(shape, factor), real(shape, shift)));
  }

  private static Tensor real(Shape shape, double[] values) {
    return Tensor.adopt(ElementType.DOUBLE, shape, values);
  }

  /** {@code values · factor + shift}, rounded to the type of x. */
  private static Tensor scaled(Tensor x, Tensor values, Tensor factor, @Nullable Tensor shift) {
    Tensor doubles = Casts.cast(values, ElementType.DOUBLE);
    Tensor result = Binary.MULTIPLY.apply(doubles, Casts.cast(factor, ElementType.DOUBLE));
    if (shift != null) {
      result = Binary.ADD.apply(result, Casts.cast(shift, ElementType.DOUBLE));
    }
    if (!result.shape().equals(x.shape())) {
      throw new IllegalArgumentException("scale and bias are larger than " + x);
    }
    return Casts.cast(result, x.type());
  }

  /** Rows of x without their mean, over their deviation, and both. */
  private record Rows(Tensor values, double[] means, double[] inverses) {

    /**
     * @param axis where the rows begin
     * @param centered whether the mean is taken away
     */
    static Rows of(Tensor x, int axis, boolean centered, float epsilon) {
      if (!x.type().isFloating()) {
        throw Elements.unfit(x.type());
      }
      double[] values = x.doubles();
      int rows = Around.product(x.shape(), 0, axis);
      int length = Around.product(x.shape(), axis, x.shape().rank());
      double[] means = Elements.doubles(Shape.of(rows));
      double[] inverses = Elements.doubles(Shape.of(rows));
      for (int row = 0; row < rows; row++) {
        int from = row * length;
        double sum = 0;
        for (int i = from; i < from + length; i++) {
          sum += values[i];
        }
        double mean = centered ? sum / length : 0;
        double squares = 0;
        for (int i = from; i < from + length; i++) {
          values[i] -= mean;
          squares += values[i] * values[i];
        }
        means[row] = mean;
        inverses[row] = 1 / Math.sqrt(squares / length + epsilon);
        for (int i = from; i < from + length; i++) {
          values[i] *= inverses[row];
        }
      }
      return new Rows(real(x.shape(), values), means, inverses);
    }
  }

  private static List<Tensor> layer(Call call) {
    Tensor x = call.input(0);
    int axis = Axes.axis(call.attributes().number("axis", -1), x.shape().rank());
    var rows = Rows.of(x, axis, true, call.attributes().real("epsilon", 1e-5f));
    Tensor y = scaled(x, rows.values, call.input(1), call.optional(2));
    var lengths = new ArrayList<>(x.shape().axes());
    Collections.fill(lengths.subList(axis, lengths.size()), 1);
    var shape = new Shape(lengths);
    ElementType stash = Casts.type(call.attributes().number("stash_type", 1));
    return List.of(
        y, Elements.real(stash, shape, rows.means), Elements.real(stash, shape, rows.inverses));
  }

  private static List<Tensor> rootMeanSquare(Call call) {
    Tensor x = call.input(0);
    int axis = Axes.axis(call.attributes().number("axis", -1), x.shape().rank());
    var rows = Rows.of(x, axis, false, call.attributes().real("epsilon", 1e-5f));
    return List.of(scaled(x, rows.values, call.input(1), null));
  }

  /** Each channel of each example by its own mean and variance. */
  private static List<Tensor> instance(Call call) {
    Tensor x = call.input(0);
    int rank = x.shape().rank();
    if (rank < 3) {
      throw new IllegalArgumentException("there are no channels of more than one element: " + x);
    }
    var rows = Rows.of(x, 2, true, call.attributes().real("epsilon", 1e-5f));
    var lengths = new ArrayList<>(Collections.nCopies(rank - 1, 1));
    lengths.set(0, x.shape().axis(1));
    var shape = new Shape(lengths);
    return List.of(
        scaled(x, rows.values, call.input(1).reshaped(shape), call.input(2).reshaped(shape)));
  }

  /** Divided by the sum of sizes or the length along an axis. */
  private static List<Tensor> norm(Call call) {
    Tensor x = call.input(0);
    long p = call.attributes().number("p", 2);
    if (p != 1 && p != 2) {
      throw new IllegalArgumentException("p is " + p + ", must be 1 or 2");
    }
    int axis = Axes.axis(call.attributes().number("axis", -1), x.shape().rank());
    Tensor real = Casts.cast(x, ElementType.DOUBLE);
    Tensor norms = (p == 1 ? Reduction.L1 : Reduction.L2).reduce(real, List.of(axis));
    double[] divisors = norms.doubles();
    Arrays.setAll(divisors, i -> divisors[i] == 0 ? 1 : divisors[i]);
    Tensor divided = Arithmetic.DIVISION.apply(real, real(norms.shape(), divisors));
    return List.of(Casts.cast(divided, x.type()));
  }
}
