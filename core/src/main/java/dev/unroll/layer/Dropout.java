package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Rows;

/**
 * Inverted dropout (Srivastava et al. 2014): each element is kept with probability 1 - rate and
 * then scaled by 1/(1 - rate), so that using the model needs no scaling. Whether an element is kept
 * is a hash of its place, so the mask is not stored but computed again in the backward pass.
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

  /** Says which rows share a mask: those with the same number. */
  @FunctionalInterface
  public interface MaskOfRow {
    /** Returns the number of the mask of a row. */
    long of(int row);
  }

  /** Writes {@code y = mask ∗ x}; x and y, of the same shape, may be the same matrix. */
  public void apply(Matrix x, Matrix y, CounterRandom random, MaskOfRow mask, Workers workers) {
    long threshold = threshold();
    float scale = scale();
    workers.run(
        x.rows(),
        4,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int source = x.row(row);
            int target = y.row(row);
            long index = mask.of(row) * x.columns();
            for (int j = 0; j < x.columns(); j++) {
              boolean kept = random.bits(index + j) >>> 11 >= threshold;
              y.data()[target + j] = kept ? x.data()[source + j] * scale : 0f;
            }
          }
        });
  }

  /** Multiplies whole rows of {@code x} by 0 or 1/(1 - rate): the rows of one mask alike. */
  public void applyToRows(Matrix x, CounterRandom random, MaskOfRow mask, Workers workers) {
    long threshold = threshold();
    float scale = scale();
    workers.run(
        x.rows(),
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            boolean kept = random.bits(mask.of(row)) >>> 11 >= threshold;
            Rows.scale(x.data(), x.row(row), x.columns(), kept ? scale : 0f);
          }
        });
  }

  private long threshold() {
    return (long) (rate * 0x1p53);
  }

  private float scale() {
    return (float) (1 / (1 - rate));
  }
}
