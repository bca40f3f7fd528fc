package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;

/**
 * A shape as three axes: the axes before one, that axis, and the axes after it.
 *
 * @param outer the elements of all axes before
 * @param length of the axis itself
 * @param inner the elements of all axes after it, which is the distance of its neighbors
 */
record Around(int outer, int length, int inner) {

  Around(Shape shape, int axis) {
    this(product(shape, 0, axis), shape.axis(axis), product(shape, axis + 1, shape.rank()));
  }

  /** The product of the lengths of some axes. */
  static int product(Shape shape, int from, int to) {
    return new Shape(shape.axes().subList(from, to)).size();
  }

  /** Where an element is. */
  int at(int before, int index, int after) {
    return (before * length + index) * inner + after;
  }
}
