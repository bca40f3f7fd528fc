package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;

/**
 * Walks over the rows of a shape (all axes but the last one) in row-major order, and knows where
 * each row begins in some tensors, whatever their strides are.
 *
 * <pre>{@code
 * for (var walk = new RowWalk(shape, a, b); walk.hasRow(); walk.next()) {
 *   … walk.start(0) + i * walk.step(0) … for i < walk.length()
 * }
 * }</pre>
 */
final class RowWalk {

  private final int[] lengths;
  private final int[][] strides;
  private final int[] position;
  private final int[] starts;
  private final int length;
  private int left;
  private int row;

  /**
   * Starts at the first row.
   *
   * @param strides for each tensor the distance of neighbors along each axis of the shape
   */
  RowWalk(Shape shape, int[]... strides) {
    lengths = shape.axes().stream().mapToInt(Integer::intValue).toArray();
    this.strides = strides;
    position = new int[lengths.length];
    starts = new int[strides.length];
    length = lengths.length == 0 ? 1 : lengths[lengths.length - 1];
    left = length == 0 ? 0 : shape.size() / length;
  }

  /** The elements of a row. */
  int length() {
    return length;
  }

  /** Whether there is a row to look at. */
  boolean hasRow() {
    return left > 0;
  }

  /** Where the row begins in the tensor of this number. */
  int start(int tensor) {
    return starts[tensor];
  }

  /** The distance of neighbors of a row in the tensor of this number. */
  int step(int tensor) {
    return lengths.length == 0 ? 0 : strides[tensor][lengths.length - 1];
  }

  /** Where the row begins in a tensor without gaps that has the shape itself. */
  int target() {
    return row * length;
  }

  /** How far the row is along an axis. */
  int position(int axis) {
    return position[axis];
  }

  /** Goes to the next row. */
  void next() {
    left--;
    row++;
    for (int axis = lengths.length - 2; axis >= 0; axis--) {
      boolean carry = ++position[axis] == lengths[axis];
      int steps = carry ? 1 - lengths[axis] : 1;
      for (int i = 0; i < starts.length; i++) {
        starts[i] += steps * strides[i][axis];
      }
      if (!carry) {
        return;
      }
      position[axis] = 0;
    }
  }
}
