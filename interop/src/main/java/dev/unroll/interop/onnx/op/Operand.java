package dev.unroll.interop.onnx.op;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;

/**
 * A matrix inside an array of floats, doubles or longs: element (i, j) is {@code data[offset +
 * i·rowStride + j·columnStride]}.
 */
record Operand(Object data, int offset, int rows, int columns, int rowStride, int columnStride) {

  /** From so many rows on it pays to bring the right operand into the order of the kernels. */
  private static final int ROWS_TO_PACK = 6;

  /** A matrix that is stored row after row. */
  static Operand of(Object data, int offset, int rows, int columns) {
    return new Operand(data, offset, rows, columns, columns, 1);
  }

  Operand transposed() {
    return new Operand(data, offset, columns, rows, columnStride, rowStride);
  }

  /**
   * Writes the product to {@code target}, which is stored row after row and holds zeros. Each sum
   * is taken over ascending k: of floats in float with fused multiply-add (of a row with a
   * transposed matrix in 16 partial sums), of doubles in double, of integers with wrap-around.
   */
  void multiply(Operand other, Operand target, Workers workers) {
    if (rows == 0 || columns == 0 || other.columns == 0) {
      return;
    }
    if (data instanceof float[] && rows >= ROWS_TO_PACK) {
      multiply(other.packed(workers), target, workers);
    } else if (data instanceof float[]) {
      multiplyFloats(matrix(), other.matrix(), target.matrix());
    } else if (data instanceof double[] a) {
      multiplyDoubles(a, other, target);
    } else {
      multiplyLongs(other, target);
    }
  }

  /** The same of floats with a right operand that is packed. */
  void multiply(PackedMatrix other, Operand target, Workers workers) {
    Products.multiply(matrix(), other, target.matrix(), workers);
  }

  /** These floats in the order of the kernels. */
  PackedMatrix packed(Workers workers) {
    var packed = new PackedMatrix();
    packed.pack(matrix(), workers);
    return packed;
  }

  private Matrix matrix() {
    return new Matrix((float[]) data, offset, rows, columns, rowStride, columnStride);
  }

  private static void multiplyFloats(Matrix a, Matrix b, Matrix c) {
    boolean byDots = b.rowStride() == 1 && b.columnStride() != 1 && a.columnStride() == 1;
    for (int i = 0; i < a.rows(); i++) {
      if (byDots) {
        for (int j = 0; j < b.columns(); j++) {
          int column = b.offset() + j * b.columnStride();
          c.data()[c.row(i) + j] = Reductions.dot(a.data(), a.row(i), b.data(), column, b.rows());
        }
      } else {
        addRows(a, i, b, c);
      }
    }
  }

  private static void addRows(Matrix a, int row, Matrix b, Matrix c) {
    for (int k = 0; k < b.rows(); k++) {
      float factor = a.data()[a.row(row) + k * a.columnStride()];
      if (b.columnStride() == 1) {
        Rows.addScaled(factor, b.data(), b.row(k), c.data(), c.row(row), b.columns());
      } else {
        for (int j = 0; j < b.columns(); j++) {
          c.data()[c.row(row) + j] += factor * b.data()[b.row(k) + j * b.columnStride()];
        }
      }
    }
  }

  private void multiplyDoubles(double[] a, Operand other, Operand target) {
    double[] b = (double[]) other.data;
    double[] c = (double[]) target.data;
    for (int i = 0; i < rows; i++) {
      int row = target.offset + i * target.rowStride;
      for (int k = 0; k < columns; k++) {
        double factor = a[offset + i * rowStride + k * columnStride];
        int at = other.offset + k * other.rowStride;
        for (int j = 0; j < other.columns; j++) {
          c[row + j] += factor * b[at + j * other.columnStride];
        }
      }
    }
  }

  private void multiplyLongs(Operand other, Operand target) {
    long[] a = (long[]) data;
    long[] b = (long[]) other.data;
    long[] c = (long[]) target.data;
    for (int i = 0; i < rows; i++) {
      int row = target.offset + i * target.rowStride;
      for (int k = 0; k < columns; k++) {
        long factor = a[offset + i * rowStride + k * columnStride];
        int at = other.offset + k * other.rowStride;
        for (int j = 0; j < other.columns; j++) {
          c[row + j] += factor * b[at + j * other.columnStride];
        }
      }
    }
  }
}
