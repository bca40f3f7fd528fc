package dev.unroll.nn;

import dev.unroll.kernel.CounterRandom;

/**
 * First values of parameters. A tensor's numbers depend on the seed and the tensor's place in the
 * flat array, and are computed in double precision, so that they are the same everywhere.
 */
public final class Initialization {

  private final CounterRandom random;

  /** Creates the initialisation that belongs to a seed. */
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

  /**
   * Fills a square slice with an orthogonal matrix: the Q of a Gaussian matrix, by modified
   * Gram-Schmidt on its rows.
   */
  public void orthogonal(float[] parameters, Slice slice) {
    int n = slice.rows();
    CounterRandom numbers = random.part(slice.offset());
    double[][] q = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        q[i][j] = numbers.gaussian((long) i * n + j);
      }
    }
    for (int i = 0; i < n; i++) {
      normalize(q[i]);
      for (int k = i + 1; k < n; k++) {
        double overlap = 0;
        for (int j = 0; j < n; j++) {
          overlap += q[i][j] * q[k][j];
        }
        for (int j = 0; j < n; j++) {
          q[k][j] -= overlap * q[i][j];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        parameters[slice.offset() + i * n + j] = (float) q[i][j];
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
