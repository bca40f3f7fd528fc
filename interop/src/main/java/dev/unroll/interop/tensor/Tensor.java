package dev.unroll.interop.tensor;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tensor: elements of one type in row-major order. It never changes: arrays are copied on the way
 * in and out, except by {@link #adopt} and {@link #elements}, which are for this module's own use.
 *
 * <p>All integer types lie in a {@code long[]}, {@code float16} and {@code bfloat16} in a {@code
 * float[]}: see {@link ElementType}.
 */
public final class Tensor {

  private final ElementType type;
  private final Shape shape;
  private final Object elements;

  private Tensor(ElementType type, Shape shape, Object elements) {
    if (!type.array().isInstance(elements)) {
      throw new IllegalArgumentException(
          type.label() + " is kept in " + type.array().getSimpleName());
    }
    if (Array.getLength(elements) != shape.size()) {
      throw new IllegalArgumentException(
          "shape "
              + shape
              + " has "
              + shape.size()
              + " elements, not "
              + Array.getLength(elements));
    }
    this.type = type;
    this.shape = shape;
    this.elements = elements;
  }

  /** A tensor that takes over the array, which nobody may change any more. */
  public static Tensor adopt(ElementType type, Shape shape, Object elements) {
    return new Tensor(type, shape, elements);
  }

  /** A tensor of floats with these axes; none is a scalar. */
  public static Tensor of(float[] elements, int... axes) {
    return new Tensor(ElementType.FLOAT, Shape.of(axes), elements.clone());
  }

  /** A tensor of doubles with these axes; none is a scalar. */
  public static Tensor of(double[] elements, int... axes) {
    return new Tensor(ElementType.DOUBLE, Shape.of(axes), elements.clone());
  }

  /** A tensor of 64-bit integers with these axes; none is a scalar. */
  public static Tensor of(long[] elements, int... axes) {
    return new Tensor(ElementType.INT64, Shape.of(axes), elements.clone());
  }

  /** The type of the elements. */
  public ElementType type() {
    return type;
  }

  /** The lengths of the axes. */
  public Shape shape() {
    return shape;
  }

  /** The number of elements. */
  public int size() {
    return shape.size();
  }

  /** The array itself, of the class that {@link ElementType#array} names; it must not change. */
  public Object elements() {
    return elements;
  }

  /**
   * A copy of the elements as floats.
   *
   * @throws IllegalArgumentException if they are text
   */
  public float[] floats() {
    if (elements instanceof float[] floats) {
      return floats.clone();
    }
    var copy = new float[size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) number(i);
    }
    return copy;
  }

  /**
   * A copy of the elements as doubles.
   *
   * @throws IllegalArgumentException if they are text
   */
  public double[] doubles() {
    var copy = new double[size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = number(i);
    }
    return copy;
  }

  /**
   * A copy of the elements as integers; fractions are cut off.
   *
   * @throws IllegalArgumentException if they are text
   */
  public long[] longs() {
    if (elements instanceof long[] longs) {
      return longs.clone();
    }
    var copy = new long[size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (long) number(i);
    }
    return copy;
  }

  private double number(int index) {
    return switch (elements) {
      case float[] floats -> floats[index];
      case double[] doubles -> doubles[index];
      case long[] longs -> longs[index];
      case boolean[] booleans -> booleans[index] ? 1 : 0;
      default -> throw new IllegalArgumentException("a tensor of text has no numbers");
    };
  }

  /** The same elements under other axes. */
  public Tensor reshaped(Shape other) {
    return new Tensor(type, other, elements);
  }

  /** Whether type, shape and all elements are the same, numbers bit for bit. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && type == that.type
        && shape.equals(that.shape)
        && Objects.deepEquals(elements, that.elements);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {type, shape, elements});
  }

  /** Type and shape, such as {@code float 2×3}. */
  @Override
  public String toString() {
    return type.label() + " " + shape;
  }
}
