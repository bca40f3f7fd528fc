package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.kernel.Fma;
import org.jspecify.annotations.Nullable;

/**
 * Zoneout (Krueger et al. 2017): while a network is trained, each element of a⟨t⟩ and of c⟨t⟩
 * keeps, with some probability, the value of the step before; when it is used, it takes the mean of
 * the two. The output gate of an LSTM acts on c⟨t⟩ before elements of it are kept.
 *
 * @param state probability for a⟨t⟩, in [0, 1)
 * @param memory probability for c⟨t⟩, in [0, 1)
 */
public record Zoneout(double state, double memory) {

  /** No element is kept. */
  public static final Zoneout NONE = new Zoneout(0, 0);

  /** Checks the probabilities. */
  public Zoneout {
    if (!(state >= 0 && state < 1 && memory >= 0 && memory < 1)) {
      throw new IllegalArgumentException("zoneout of " + state + " and " + memory);
    }
  }

  /** Returns whether no element is kept. */
  boolean none() {
    return state + memory == 0;
  }

  /** Returns which elements of a⟨t⟩ keep their values; null noise for the mean. */
  Shares ofState(@Nullable Noise noise) {
    return new Shares(state, noise == null ? null : noise.part(0));
  }

  /** Returns which elements of c⟨t⟩ keep their values; null noise for the mean. */
  Shares ofMemory(@Nullable Noise noise) {
    return new Shares(memory, noise == null ? null : noise.part(1));
  }

  /** How much of its value before each element keeps: all or nothing by chance, or the mean. */
  record Shares(double rate, @Nullable Noise noise) {

    /** Returns whether no element keeps anything. */
    boolean none() {
      return rate == 0;
    }

    /** Lets elements of {@code now} keep their values; {@code first} is the first row's number. */
    void mix(Matrix before, Matrix now, int first) {
      int width = now.columns();
      long threshold = threshold();
      for (int row = 0; row < now.rows(); row++) {
        int old = before.row(row);
        int target = now.row(row);
        for (int j = 0; j < width; j++) {
          float fresh = now.data()[target + j];
          float kept = before.data()[old + j];
          float share = of((long) (first + row) * width + j, width, threshold);
          now.data()[target + j] = share == 1f ? kept : Fma.fma(share, kept - fresh, fresh);
        }
      }
    }

    /** Moves the share of each gradient that goes to the value before to {@code held}. */
    void takeOut(Matrix gradient, Matrix held, int first) {
      int width = gradient.columns();
      long threshold = threshold();
      for (int row = 0; row < gradient.rows(); row++) {
        int at = gradient.row(row);
        int to = held.row(row);
        for (int j = 0; j < width; j++) {
          float share =
              of((long) (first + row) * width + j, width, threshold) * gradient.data()[at + j];
          held.data()[to + j] = share;
          gradient.data()[at + j] -= share;
        }
      }
    }

    private long threshold() {
      return (long) (rate * 0x1p53);
    }

    private float of(long element, int width, long threshold) {
      if (noise == null) {
        return (float) rate;
      }
      long index = (long) noise.firstRow() * width + element;
      return noise.random().bits(index) >>> 11 < threshold ? 1f : 0f;
    }
  }
}
