package dev.unroll.interop.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lengths of a tensor's axes, the first one outermost; a scalar has none.
 *
 * <p>Elements lie in row-major order: the last axis is contiguous.
 */
public record Shape(List<Integer> axes) {

  /** The most elements of one tensor: what an array of this platform holds. */
  public static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  /**
   * Creates a shape.
   *
   * @throws IllegalArgumentException if an axis is negative, or the elements are more than {@link
   *     #MOST_ELEMENTS}
   */
  public Shape {
    axes = List.copyOf(axes);
    long size = 1;
    for (int axis : axes) {
      if (axis < 0) {
        throw new IllegalArgumentException("an axis of " + axes + " is negative");
      }
      size *= axis; // both are below 2³¹
      if (size > MOST_ELEMENTS) {
        throw new IllegalArgumentException(axes + " has more than " + MOST_ELEMENTS + " elements");
      }
    }
  }

  /** The shape with these axes, the first one outermost. */
  public static Shape of(int... axes) {
    return new Shape(Arrays.stream(axes).boxed().toList());
  }

  /** The number of axes. */
  public int rank() {
    return axes.size();
  }

  /** The length of an axis, counted from 0, or from -1 backward. */
  public int axis(int index) {
    return axes.get(index < 0 ? index + axes.size() : index);
  }

  /** The number of elements, 1 for a scalar. */
  public int size() {
    int size = 1;
    for (int axis : axes) {
      size *= axis;
    }
    return size;
  }

  /** The elements between two neighbors along each axis. */
  public int[] strides() {
    var strides = new int[axes.size()];
    int stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= axes.get(axis);
    }
    return strides;
  }

  /** The axes as people write them, such as {@code 2×3}; {@code scalar} without any. */
  @Override
  public String toString() {
    return axes.isEmpty()
        ? "scalar"
        : axes.stream().map(String::valueOf).collect(Collectors.joining("×"));
  }
}
