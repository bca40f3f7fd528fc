package dev.unroll.kernel;

import dev.unroll.base.Matrix;

/**
 * Element-wise operations on all rows of some matrices, from which a cell can be written without
 * vectors of its own. Matrices are [n][H] unless a method says otherwise; the elements of a row lie
 * side by side. An output may be an input too.
 */
public final class Elementwise {

  private Elementwise() {}

  /** Computes {@code y = tanh(x)}. */
  public static void tanh(Matrix x, Matrix y) {
    for (int row = 0; row < x.rows(); row++) {
      System.arraycopy(x.data(), x.row(row), y.data(), y.row(row), x.columns());
      Functions.tanh(y.data(), y.data(), y.row(row), x.columns());
    }
  }

  /** Computes {@code dx = dy ∗ (1 - y²)}, the backward pass of {@link #tanh}. */
  public static void tanhBackward(Matrix y, Matrix dy, Matrix dx) {
    for (int row = 0; row < y.rows(); row++) {
      int at = y.row(row);
      int from = dy.row(row);
      int into = dx.row(row);
      for (int j = 0; j < y.columns(); j++) {
        float value = y.data()[at + j];
        dx.data()[into + j] = dy.data()[from + j] * Fma.fma(-value, value, 1f);
      }
    }
  }

  /** Computes {@code y = σ(x)}. */
  public static void sigmoid(Matrix x, Matrix y) {
    for (int row = 0; row < x.rows(); row++) {
      System.arraycopy(x.data(), x.row(row), y.data(), y.row(row), x.columns());
      Functions.sigmoid(y.data(), y.data(), y.row(row), x.columns());
    }
  }

  /** Computes {@code y = max(x, 0)}; NaN stays NaN. */
  public static void relu(Matrix x, Matrix y) {
    for (int row = 0; row < x.rows(); row++) {
      int from = x.row(row);
      int into = y.row(row);
      for (int j = 0; j < x.columns(); j++) {
        float value = x.data()[from + j];
        y.data()[into + j] = value < 0f ? 0f : value;
      }
    }
  }

  /** Replaces x by {@code dx = dy} where x is positive, else by 0: the backward pass of relu. */
  public static void reluBackward(Matrix x, Matrix dy) {
    for (int row = 0; row < x.rows(); row++) {
      int at = x.row(row);
      int from = dy.row(row);
      for (int j = 0; j < x.columns(); j++) {
        x.data()[at + j] = x.data()[at + j] > 0f ? dy.data()[from + j] : 0f;
      }
    }
  }

  /** Computes {@code z = x ∗ y}; {@code x} may be one row, [1][H], that is used for each of y's. */
  public static void multiply(Matrix x, Matrix y, Matrix z) {
    for (int row = 0; row < y.rows(); row++) {
      int left = x.row(x.rows() == 1 ? 0 : row);
      int right = y.row(row);
      int into = z.row(row);
      for (int j = 0; j < y.columns(); j++) {
        z.data()[into + j] = x.data()[left + j] * y.data()[right + j];
      }
    }
  }

  /**
   * Computes {@code z += x ∗ y}; {@code x} may be one row, [1][H], that is used for each of y's.
   */
  public static void addProduct(Matrix x, Matrix y, Matrix z) {
    for (int row = 0; row < y.rows(); row++) {
      int left = x.row(x.rows() == 1 ? 0 : row);
      Rows.addProducts(x.data(), left, y.data(), y.row(row), z.data(), z.row(row), y.columns());
    }
  }

  /**
   * Computes {@code y = gate ∗ x + (1 - gate) ∗ before}, as {@code before + gate ∗ (x - before)}.
   */
  public static void interpolate(Matrix gate, Matrix x, Matrix before, Matrix y) {
    for (int row = 0; row < x.rows(); row++) {
      int share = gate.row(row);
      int from = x.row(row);
      int past = before.row(row);
      int into = y.row(row);
      int done = Kernels.vector() ? VectorRows.interpolate(gate, x, before, y, row) : 0;
      for (int j = done; j < x.columns(); j++) {
        float old = before.data()[past + j];
        y.data()[into + j] = Fma.fma(gate.data()[share + j], x.data()[from + j] - old, old);
      }
    }
  }
}
