package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;

/**
 * First values of parameters. A tensor's numbers depend on the seed and the tensor's place in the
 * flat array, and are computed in double precision, so that they are the same everywhere.
 */
public final class Initialization {

  private final CounterRandom random;

  /** Creates the initialization that belongs to a seed. */
  public Initialization(long seed) {
    random = CounterRandom.of(seed, CounterRandom.Purpose.INITIALIZATION, 0);
  }

  /** Fills a slice with numbers of the uniform distribution over ±{@code bound}. */
  public void uniform(float[] parameters, Slice slice, double bound) {
    CounterRandom numbers = random.part(slice.offset());
    for (int i = 0; i < slice.size(); i++) {
      parameters[slice.offset() + i] = (float) (bound * (2 * numbers.uniform(i) - 1));
    }
  }

  /** Fills a slice with numbers of the uniform distribution over [least, most). */
  void uniform(float[] parameters, Slice slice, double least, double most) {
    CounterRandom numbers = random.part(slice.offset());
    for (int i = 0; i < slice.size(); i++) {
      parameters[slice.offset() + i] = (float) (least + (most - least) * numbers.uniform(i));
    }
  }

  /**
   * Fills a slice with an orthogonal matrix, by modified Gram-Schmidt on the rows of a Gaussian
   * one; where there are more rows than columns, with orthonormal columns.
   */
  void orthogonal(float[] parameters, Slice slice) {
    int count = Math.min(slice.rows(), slice.columns());
    int length = Math.max(slice.rows(), slice.columns());
    CounterRandom numbers = random.part(slice.offset());
    double[][] q = new double[count][length];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < length; j++) {
        q[i][j] = numbers.gaussian((long) i * length + j);
      }
    }
    for (int i = 0; i < count; i++) {
      normalize(q[i]);
      for (int k = i + 1; k < count; k++) {
        double overlap = 0;
        for (int j = 0; j < length; j++) {
          overlap += q[i][j] * q[k][j];
        }
        for (int j = 0; j < length; j++) {
          q[k][j] -= overlap * q[i][j];
        }
      }
    }
    boolean wide = slice.rows() == count;
    Matrix target = wide ? slice.of(parameters) : slice.of(parameters).transposed();
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < length; j++) {
        parameters[target.row(i) + j * target.columnStride()] = (float) q[i][j];
      }
    }
  }

  private static void normalize(double[] row) {
    double squares = 0;
    for (double value : row) {
      squares += value * value;
    }
    double norm = StrictMath.sqrt(squares);
    for (int j = 0; j < row.length; j++) {
      row[j] /= norm;
    }
  }
}
