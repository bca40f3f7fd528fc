package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;

/**
 * Layer normalization of rows (Ba et al. 2016), with what its backward pass needs. Each row of a
 * product is brought to mean 0 and variance 1 over its elements; what is read is a gain times that:
 *
 * <pre>{@code
 * x̂ = (x - mean(x)) ∗ r      r = 1 / √(mean((x - mean(x))²) + ε)      ε = 10⁻⁵
 * dx = r ∗ (dx̂ - mean(dx̂) - x̂ ∗ mean(dx̂ ∗ x̂))
 * }</pre>
 *
 * <p>Every element of a row belongs to one thread, and its sums are {@link Reductions}'.
 */
final class NormalizedRows {

  private static final float EPSILON = 1e-5f;

  private final int width;
  private float[] rows = new float[0];
  private float[] scales = new float[0];
  private float[] gradients = new float[0];

  /** Creates empty rows of {@code width} elements. */
  NormalizedRows(int width) {
    this.width = width;
  }

  void reserve(int count) {
    rows = Rows.alignedRoom(rows, count, width);
    scales = scales.length < count ? new float[count] : scales;
  }

  void reserveGradients(int count) {
    gradients = Rows.alignedRoom(gradients, count, width);
  }

  /** Returns some rows, [n][width]: x before {@link #normalize}, x̂ after it. */
  Matrix rows(int from, int to) {
    return Matrix.of(rows, at(from), to - from, width);
  }

  /** Returns the gradients of x of some rows after {@link #backward}, [n][width]. */
  Matrix gradients(int from, int to) {
    return Matrix.of(gradients, at(from), to - from, width);
  }

  private int at(int row) {
    return Matrix.ALIGNED + row * width;
  }

  /** Replaces x by x̂ in the rows from {@code from} up to {@code to}. */
  void normalize(int from, int to) {
    for (int row = from; row < to; row++) {
      int at = at(row);
      float mean = Reductions.sum(rows, at, width) / width;
      for (int j = at; j < at + width; j++) {
        rows[j] -= mean;
      }
      float variance = Reductions.dot(rows, at, rows, at, width) / width;
      scales[row] = 1f / (float) Math.sqrt(variance + EPSILON);
      Rows.scale(rows, at, width, scales[row]);
    }
  }

  /** Adds gain ∗ x̂ of the rows from {@code first} on to {@code target}. */
  void addTo(Matrix target, int first, float[] gains, int gain) {
    for (int row = 0; row < target.rows(); row++) {
      int x = at(first + row);
      Rows.addProducts(gains, gain, rows, x, target.data(), target.row(row), width);
    }
  }

  /**
   * Computes the gradients of x of the rows from {@code first} on, from those of gain ∗ x̂, of
   * which {@code dy} has one row for each.
   */
  void backward(Matrix dy, float[] gains, int gain, int first) {
    for (int row = first; row < first + dy.rows(); row++) {
      int at = at(row);
      int source = dy.row(row - first);
      for (int j = 0; j < width; j++) {
        gradients[at + j] = gains[gain + j] * dy.data()[source + j];
      }
      float mean = Reductions.sum(gradients, at, width) / width;
      float slope = Reductions.dot(gradients, at, rows, at, width) / width;
      float scale = scales[row];
      for (int j = at; j < at + width; j++) {
        gradients[j] = scale * (gradients[j] - mean - rows[j] * slope);
      }
    }
  }

  /**
   * Adds the gradients of the gains, Σ dy ∗ x̂ over all rows of {@code dy} in ascending order.
   * Threads share out the columns.
   */
  void addGainGradients(Matrix dy, float[] target, int gain, Workers workers) {
    workers.run(
        width,
        64,
        (from, to) -> {
          for (int row = 0; row < dy.rows(); row++) {
            Rows.addProducts(
                dy.data(),
                dy.row(row) + from,
                rows,
                at(row) + from,
                target,
                gain + from,
                to - from);
          }
        });
  }
}
