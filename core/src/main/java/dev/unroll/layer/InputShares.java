package dev.unroll.layer;

import dev.unroll.base.Matrix;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The input's shares of the gates, {@code Wx x⟨t⟩ + b}, of inputs that were read lately. Those of a
 * first layer are vectors of tokens, which occur again and again; and the weights, which are read
 * whole for a single row, are half of what a short text reads from memory.
 *
 * <p>A row of the product depends on its own row of x only, in every bit.
 */
final class InputShares {

  /** With more rows the product reads each weight often enough. */
  static final int MOST_ROWS = 64;

  /** Elements of an input that its hash is made of. */
  private static final int HASHED = 8;

  private final RecentVectors<float[]> recent;

  InputShares(int inputs, int gates) {
    recent = new RecentVectors<>(inputs + gates);
  }

  /**
   * Writes the share of each row.
   *
   * @param x inputs, [R][inputs], stored without gaps within a row
   * @param z receives the shares, [R][gates]
   * @param product computes z of an x
   */
  void forward(Matrix x, Matrix z, BiConsumer<Matrix, Matrix> product) {
    int[] missing = new int[x.rows()];
    int count = 0;
    for (int row = 0; row < x.rows(); row++) {
      float[] share = find(x, row);
      if (share == null) {
        missing[count++] = row;
      } else {
        System.arraycopy(share, 0, z.data(), z.row(row), z.columns());
      }
    }
    if (count > 0) {
      compute(x, z, Arrays.copyOf(missing, count), product);
    }
  }

  private void compute(Matrix x, Matrix z, int[] missing, BiConsumer<Matrix, Matrix> product) {
    int count = missing.length;
    Matrix inputs = Matrix.of(new float[count * x.columns()], count, x.columns());
    Matrix shares = Matrix.of(new float[count * z.columns()], count, z.columns());
    for (int i = 0; i < count; i++) {
      x.copyRow(missing[i], inputs, i);
    }
    product.accept(inputs, shares);
    for (int i = 0; i < count; i++) {
      shares.copyRow(i, z, missing[i]);
      int hash = hash(inputs, i);
      if (recent.wants(hash)) {
        float[] key = inputs.rows(i, i + 1).copyOfElements();
        recent.keep(hash, key, shares.rows(i, i + 1).copyOfElements());
      }
    }
  }

  private float @Nullable [] find(Matrix x, int row) {
    int from = x.row(row);
    int to = x.endOfRow(row);
    return recent.find(
        hash(x, row), key -> Arrays.equals(key, 0, key.length, x.data(), from, to)); // by bits
  }

  private static int hash(Matrix x, int row) {
    int hash = 1;
    int distance = Math.max(1, x.columns() / HASHED);
    for (int i = x.row(row); i < x.endOfRow(row); i += distance) {
      hash = 31 * hash + Float.floatToIntBits(x.data()[i]);
    }
    return hash;
  }
}
