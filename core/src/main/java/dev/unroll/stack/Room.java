package dev.unroll.stack;

import dev.unroll.base.Matrix;
import dev.unroll.kernel.Rows;
import java.util.List;
import java.util.stream.Stream;

/** Room for a matrix of a batch; it grows to the largest batch seen. */
final class Room {

  private float[] values = {};
  private Matrix matrix = Matrix.of(values, 0, 0);

  /** Returns rooms, all of them empty. */
  static List<Room> of(int count) {
    return Stream.generate(Room::new).limit(count).toList();
  }

  /** Makes room for a matrix and returns it; its elements are not set. */
  Matrix reserve(int rows, int columns) {
    values = Rows.room(values, rows, columns);
    matrix = Matrix.of(values, rows, columns);
    return matrix;
  }

  /** Returns the matrix that was last reserved. */
  Matrix matrix() {
    return matrix;
  }
}
