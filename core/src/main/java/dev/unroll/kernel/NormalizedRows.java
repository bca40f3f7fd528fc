package dev.unroll.kernel;

/**
 * Layer normalisation of rows (Ba et al. 2016), with what its way back needs. Each row of a product
 * is brought to mean 0 and variance 1 over its elements; what is read is a gain times that:
 *
 * <pre>{@code
 * x̂ = (x - mean(x)) ∗ r      r = 1 / √(mean((x - mean(x))²) + ε)      ε = 10⁻⁵
 * dx = r ∗ (dx̂ - mean(dx̂) - x̂ ∗ mean(dx̂ ∗ x̂))
 * }</pre>
 *
 * <p>Every element of a row belongs to one thread, and its sums are {@link Reductions}'.
 */
public final class NormalizedRows {

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
    rows = CellBuffers.room(rows, count, width);
    scales = scales.length < count ? new float[count] : scales;
  }

  void reserveGradients(int count) {
    gradients = CellBuffers.room(gradients, count, width);
  }

  /** Returns the rows, [count][width]: x before {@link #normalize}, x̂ after it. */
  public Matrix rows(int count) {
    return Matrix.of(rows, Matrix.ALIGNED, count, width);
  }

  /** Returns the gradients of x after {@link #backward}, [count][width]. */
  public Matrix gradients(int count) {
    return Matrix.of(gradients, Matrix.ALIGNED, count, width);
  }

  private int at(int row) {
    return Matrix.ALIGNED + row * width;
  }

  /** Replaces x by x̂ in the rows from {@code from} up to {@code to}. */
  public void normalize(int from, int to) {
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

  /** Adds gain ∗ x̂ to the rows of {@code target} from {@code from} up to {@code to}. */
  public void addTo(Matrix target, float[] gains, int gain, int from, int to) {
    for (int row = from; row < to; row++) {
      Rows.addProducts(gains, gain, rows, at(row), target.data(), target.row(row), width);
    }
  }

  /**
   * Computes the gradients of x of the rows from {@code first} on, from those of gain ∗ x̂, of
   * which {@code dy} has one row for each.
   */
  public void backward(Matrix dy, float[] gains, int gain, int first) {
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
  public void addGainGradients(Matrix dy, float[] target, int gain, Workers workers) {
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
