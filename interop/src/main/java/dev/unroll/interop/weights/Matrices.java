package dev.unroll.interop.weights;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parts of tensors of numbers with a fraction: doubles stay doubles, all others become floats. */
public final class Matrices {

  private Matrices() {}

  /** A tensor of zeros. */
  public static Tensor zeros(int... axes) {
    Shape shape = Shape.of(axes);
    return Tensor.adopt(ElementType.FLOAT, shape, new float[shape.size()]);
  }

  /** The rows (along the first axis) from {@code from} on. */
  public static Tensor rows(Tensor tensor, int from, int count) {
    var axes = new ArrayList<>(tensor.shape().axes());
    axes.set(0, count);
    var shape = new Shape(axes);
    int each = tensor.shape().axis(0) == 0 ? 0 : tensor.size() / tensor.shape().axis(0);
    return copy(List.of(tensor), from * each, shape);
  }

  /** All rows of one tensor after those of another. */
  public static Tensor stack(List<Tensor> tensors) {
    int rows = tensors.stream().mapToInt(tensor -> tensor.shape().axis(0)).sum();
    var axes = new ArrayList<>(tensors.getFirst().shape().axes());
    axes.set(0, rows);
    return copy(tensors, 0, new Shape(axes));
  }

  /** Copies elements of tensors that follow one another, from one of the first on. */
  private static Tensor copy(List<Tensor> tensors, int from, Shape shape) {
    boolean wide = tensors.stream().anyMatch(tensor -> tensor.type() == ElementType.DOUBLE);
    if (wide) {
      var doubles = new double[shape.size()];
      int at = 0;
      for (Tensor tensor : tensors) {
        int count = Math.min(tensor.size() - from, doubles.length - at);
        System.arraycopy(tensor.doubles(), from, doubles, at, count);
        at += count;
      }
      return Tensor.adopt(ElementType.DOUBLE, shape, doubles);
    }
    var floats = new float[shape.size()];
    int at = 0;
    for (Tensor tensor : tensors) {
      int count = Math.min(tensor.size() - from, floats.length - at);
      System.arraycopy(floats(tensor), from, floats, at, count);
      at += count;
    }
    return Tensor.adopt(ElementType.FLOAT, shape, floats);
  }

  /** A matrix with rows and columns exchanged. */
  public static Tensor transposed(Tensor matrix) {
    int rows = matrix.shape().axis(0);
    int columns = matrix.shape().axis(1);
    if (matrix.type() == ElementType.DOUBLE) {
      double[] source = matrix.doubles();
      var target = new double[source.length];
      for (int i = 0; i < source.length; i++) {
        target[i % columns * rows + i / columns] = source[i];
      }
      return Tensor.adopt(ElementType.DOUBLE, Shape.of(columns, rows), target);
    }
    float[] source = floats(matrix);
    var target = new float[source.length];
    for (int i = 0; i < source.length; i++) {
      target[i % columns * rows + i / columns] = source[i];
    }
    return Tensor.adopt(ElementType.FLOAT, Shape.of(columns, rows), target);
  }

  /** The same elements with other signs. */
  static Tensor negated(Tensor tensor) {
    if (tensor.type() == ElementType.DOUBLE) {
      double[] doubles = tensor.doubles();
      Arrays.setAll(doubles, i -> -doubles[i]);
      return Tensor.adopt(ElementType.DOUBLE, tensor.shape(), doubles);
    }
    float[] floats = tensor.floats();
    for (int i = 0; i < floats.length; i++) {
      floats[i] = -floats[i];
    }
    return Tensor.adopt(ElementType.FLOAT, tensor.shape(), floats);
  }

  /** The sum of two tensors of one shape, as floats that are rounded once. */
  static Tensor sum(Tensor one, Tensor other) {
    double[] sums = one.doubles();
    double[] others = other.doubles();
    var floats = new float[sums.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (sums[i] + others[i]);
    }
    return Tensor.adopt(ElementType.FLOAT, one.shape(), floats);
  }

  /** The only row of a matrix. */
  public static Tensor vector(Tensor matrix) {
    return matrix.reshaped(Shape.of(matrix.size()));
  }

  /**
   * The rows (along the first axis) at some places; zeros where a place is negative.
   *
   * @param places in the order of the rows of the result
   */
  public static Tensor gathered(Tensor tensor, int[] places) {
    int width = tensor.shape().axis(0) == 0 ? 0 : tensor.size() / tensor.shape().axis(0);
    var axes = new ArrayList<>(tensor.shape().axes());
    axes.set(0, places.length);
    var shape = new Shape(axes);
    boolean wide = tensor.type() == ElementType.DOUBLE;
    Object source = wide ? tensor.doubles() : floats(tensor);
    Object target = wide ? new double[shape.size()] : new float[shape.size()];
    for (int row = 0; row < places.length; row++) {
      if (places[row] >= 0) {
        System.arraycopy(source, places[row] * width, target, row * width, width);
      }
    }
    return Tensor.adopt(wide ? ElementType.DOUBLE : ElementType.FLOAT, shape, target);
  }

  /** The identity, by which tokens that are read one-hot have vectors. */
  public static Tensor identity(int size) {
    Shape shape = Shape.of(size, size);
    var floats = new float[shape.size()];
    for (int i = 0; i < size; i++) {
      floats[i * size + i] = 1f;
    }
    return Tensor.adopt(ElementType.FLOAT, shape, floats);
  }

  /** The elements as floats: those of the tensor itself where it has such, not to be changed. */
  static float[] floats(Tensor tensor) {
    return tensor.elements() instanceof float[] own ? own : tensor.floats();
  }
}
