package dev.unroll.stack;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;

/**
 * A residual connection around a layer (He et al. 2016), with the buffers of one batch.
 *
 * <pre>{@code
 * y⟨t⟩ = x⟨t⟩ + a⟨t⟩      dx⟨t⟩ = dx⟨t⟩ of the layer + dy⟨t⟩
 * }</pre>
 */
final class Residual {

  private final Room sum = new Room();
  private final Room passing = new Room();

  /** Returns y = x + a, all of one shape. */
  Matrix forward(Matrix x, Matrix a, Workers workers) {
    Matrix y = sum.reserve(a.rows(), a.columns());
    add(x, a, y, workers);
    return y;
  }

  /** Keeps dy, which the layer's backward pass may overwrite. */
  void keep(Matrix dy) {
    Matrix copy = passing.reserve(dy.rows(), dy.columns());
    for (int row = 0; row < dy.rows(); row++) {
      dy.copyRow(row, copy, row);
    }
  }

  /** Adds dy, as it was kept, to the gradient of the layer's inputs. */
  void backward(Matrix dx, Workers workers) {
    add(dx, passing.matrix(), dx, workers);
  }

  /** Writes {@code target = x + y}, row by row; target may be one of them. */
  static void add(Matrix x, Matrix y, Matrix target, Workers workers) {
    workers.run(
        x.rows(),
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int left = x.row(row);
            int right = y.row(row);
            int into = target.row(row);
            for (int j = 0; j < x.columns(); j++) {
              target.data()[into + j] = x.data()[left + j] + y.data()[right + j];
            }
          }
        });
  }
}
