package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/** Axes by number, and shapes that are computed from others. */
final class Axes {

  private Axes() {}

  /**
   * An axis counted from 0; negative numbers count from the end.
   *
   * @throws IllegalArgumentException if there is no such axis
   */
  static int axis(long number, int rank) {
    if (number < -rank || number >= rank) {
      throw new IllegalArgumentException("axis " + number + " of " + rank + " axes");
    }
    return (int) (number < 0 ? number + rank : number);
  }

  /**
   * Axes counted from 0, in ascending order.
   *
   * @throws IllegalArgumentException if one is not there, or twice
   */
  static List<Integer> axes(List<Long> numbers, int rank) {
    var sorted = new TreeSet<Integer>();
    for (long number : numbers) {
      if (!sorted.add(axis(number, rank))) {
        throw new IllegalArgumentException("the axes " + numbers + " name one twice");
      }
    }
    return List.copyOf(sorted);
  }

  /**
   * A shape from lengths that may be too large.
   *
   * @throws IllegalArgumentException if one is negative or the elements are too many
   */
  static Shape shape(List<Long> lengths) {
    var axes = new ArrayList<Integer>();
    for (long length : lengths) {
      axes.add(length(length));
    }
    return new Shape(axes);
  }

  /**
   * A length of an axis.
   *
   * @throws IllegalArgumentException if it is negative or no tensor is as long
   */
  static int length(long length) {
    if (length < 0 || length > Shape.MOST_ELEMENTS) {
      throw new IllegalArgumentException("an axis of " + length + " elements");
    }
    return (int) length;
  }

  /** The same shape but for the length of one axis. */
  static Shape with(Shape shape, int axis, long length) {
    var axes = new ArrayList<>(shape.axes());
    axes.set(axis, length(length));
    return new Shape(axes);
  }

  /** The same shape but for one axis that it lacks. */
  static Shape without(Shape shape, int axis) {
    var axes = new ArrayList<>(shape.axes());
    axes.subList(axis, axis + 1).clear();
    return new Shape(axes);
  }

  /**
   * The shape to which all of these are extended: aligned at the last axis, and a 1 becomes what
   * the others have.
   *
   * @throws IllegalArgumentException if two lengths differ and none is 1
   */
  static Shape broadcast(List<Shape> shapes) {
    int rank = shapes.stream().mapToInt(Shape::rank).max().orElse(0);
    var axes = new ArrayList<>(Collections.nCopies(rank, 1));
    for (Shape shape : shapes) {
      for (int i = 1; i <= shape.rank(); i++) {
        int length = shape.axis(-i);
        int known = axes.get(rank - i);
        if (known != 1 && length != 1 && known != length) {
          throw new IllegalArgumentException("the shapes do not fit together: " + shapes);
        }
        axes.set(rank - i, known == 1 ? length : known);
      }
    }
    return new Shape(axes);
  }

  /**
   * The distances of neighbors in a tensor that is extended to a shape: 0 along an axis that is
   * repeated.
   */
  static int[] strides(Shape shape, Shape extended) {
    int[] own = shape.strides();
    var strides = new int[extended.rank()];
    for (int i = 1; i <= own.length; i++) {
      strides[strides.length - i] = shape.axis(-i) == 1 ? 0 : own[own.length - i];
    }
    return strides;
  }
}
