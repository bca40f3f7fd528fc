package dev.unroll.nn;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Workers;

/**
 * Inverted dropout (Srivastava et al. 2014): each element is kept with probability 1 - rate and
 * then scaled by 1/(1 - rate), so that using the model needs no scaling. Whether an element is kept
 * is a hash of its place, so the mask is not stored but asked for again on the way back.
 *
 * @param rate probability of removing an element, in [0, 1)
 */
public record Dropout(double rate) {

  /** Checks the rate. */
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout is " + rate + ", must be in [0, 1)");
    }
  }

  /**
   * Writes {@code y = mask ∗ x}; x and y, of the same shape, may be the same matrix.
   *
   * @param firstRow the place of the first row among all that share {@code random}
   */
  public void apply(Matrix x, Matrix y, CounterRandom random, int firstRow, Workers workers) {
    long threshold = (long) (rate * 0x1p53);
    float scale = (float) (1 / (1 - rate));
    workers.run(
        x.rows(),
        4,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int source = x.row(row);
            int target = y.row(row);
            long index = ((long) firstRow + row) * x.columns();
            for (int j = 0; j < x.columns(); j++) {
              boolean kept = random.bits(index + j) >>> 11 >= threshold;
              y.data()[target + j] = kept ? x.data()[source + j] * scale : 0f;
            }
          }
        });
  }
}
