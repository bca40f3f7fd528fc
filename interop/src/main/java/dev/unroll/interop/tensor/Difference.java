package dev.unroll.interop.tensor;

import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a tensor is from the one that was expected.
 *
 * @param largest the largest distance of two numbers; infinite where one of them is not finite
 * @param worst where a number is too far away, and both values, such as {@code [0, 2]: 0.1, not
 *     0.2}; the one that is farthest beyond what is allowed. Null where none is
 */
public record Difference(double largest, @Nullable String worst) {

  /**
   * What is allowed: a distance of {@code absolute + relative ∗ |expected|}. Elements of 16 bits
   * may also differ by their last bit.
   */
  public record Tolerance(double relative, double absolute) {

    private double of(double expected, ElementType type) {
      double rounding =
          switch (type) {
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            default -> 0;
          };
      return absolute + Math.max(relative, rounding) * Math.abs(expected);
    }
  }

  /** Whether no number is too far away. */
  public boolean isAllowed() {
    return worst == null;
  }

  /** Compares; NaN is equal to itself, and what is no floating number must be the same. */
  public static Difference of(Tensor expected, Tensor actual, Tolerance tolerance) {
    if (expected.type() != actual.type() || !expected.shape().equals(actual.shape())) {
      return new Difference(Double.POSITIVE_INFINITY, actual + ", not " + expected);
    }
    if (!expected.type().isFloating()) {
      return ofExact(expected, actual);
    }
    double largest = 0;
    double beyond = 0;
    int worst = -1;
    for (int i = 0; i < expected.size(); i++) {
      double should = number(expected, i);
      double is = number(actual, i);
      boolean same = should == is || (Double.isNaN(should) && Double.isNaN(is));
      double distance = same ? 0 : Math.abs(should - is);
      distance = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
      largest = Math.max(largest, distance);
      double allowed = Double.isFinite(should) ? tolerance.of(should, expected.type()) : 0;
      if (distance > allowed && distance - allowed > beyond) {
        beyond = distance - allowed;
        worst = i;
      }
    }
    return new Difference(largest, worst < 0 ? null : values(expected, actual, worst));
  }

  private static double number(Tensor tensor, int index) {
    return tensor.elements() instanceof float[] floats
        ? floats[index]
        : ((double[]) tensor.elements())[index];
  }

  private static Difference ofExact(Tensor expected, Tensor actual) {
    for (int i = 0; i < expected.size(); i++) {
      if (!Objects.equals(element(expected, i), element(actual, i))) {
        double distance =
            expected.elements() instanceof long[] longs
                ? Math.abs((double) longs[i] - ((long[]) actual.elements())[i])
                : Double.POSITIVE_INFINITY;
        return new Difference(distance, values(expected, actual, i));
      }
    }
    return new Difference(0, null);
  }

  private static Object element(Tensor tensor, int index) {
    return switch (tensor.elements()) {
      case float[] floats -> floats[index];
      case double[] doubles -> doubles[index];
      case long[] longs -> longs[index];
      case boolean[] booleans -> booleans[index];
      default -> ((String[]) tensor.elements())[index];
    };
  }

  private static String values(Tensor expected, Tensor actual, int index) {
    var place = new ArrayList<Integer>();
    int rest = index;
    for (int stride : expected.shape().strides()) {
      place.add(rest / stride);
      rest %= stride;
    }
    return (place.isEmpty() ? "" : place + ": ")
        + element(actual, index)
        + ", not "
        + element(expected, index);
  }
}
