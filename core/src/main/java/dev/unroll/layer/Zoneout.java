package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Rows;
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
  public boolean none() {
    return state + memory == 0;
  }

  /**
   * Lets elements of the rows from {@code from} up to {@code to} keep their values.
   *
   * @param noise which ones; null for the mean
   */
  void forward(CellBuffers b, int from, int to, @Nullable Noise noise) {
    if (memory > 0 && b.kind() == CellBuffers.Kind.MEMORY) {
      b.keepFreshCells(from, to);
      mix(b.cellBefore(to), b.cell(to), from, memory, noise == null ? null : noise.part(1));
    }
    if (state > 0) {
      mix(b.before(to), b.output(to), from, state, noise == null ? null : noise.part(0));
    }
  }

  private static void mix(Matrix before, Matrix now, int from, double rate, @Nullable Noise noise) {
    int width = now.columns();
    var shares = Shares.of(noise, width, rate);
    for (int row = from; row < now.rows(); row++) {
      int old = before.row(row);
      int target = now.row(row);
      for (int j = 0; j < width; j++) {
        float fresh = now.data()[target + j];
        float kept = before.data()[old + j];
        float share = shares.of(row, j);
        now.data()[target + j] = share == 1f ? kept : Math.fma(share, kept - fresh, fresh);
      }
    }
  }

  /** How much of its value before each element keeps: all or nothing by chance, or the mean. */
  private record Shares(@Nullable Noise noise, int width, long threshold, float mean) {
    static Shares of(@Nullable Noise noise, int width, double rate) {
      return new Shares(noise, width, (long) (rate * 0x1p53), (float) rate);
    }

    float of(int row, int j) {
      if (noise == null) {
        return mean;
      }
      long index = ((long) noise.firstRow() + row) * width + j;
      return noise.random().bits(index) >>> 11 < threshold ? 1f : 0f;
    }

    /** Moves the share of each gradient that goes to the value before from one row to another. */
    void move(int row, float[] gradient, int at, float[] kept, int to) {
      for (int j = 0; j < width; j++) {
        float share = of(row, j) * gradient[at + j];
        kept[to + j] = share;
        gradient[at + j] -= share;
      }
    }
  }

  /** Gradients of elements that kept their values: they go to the step before as they are. */
  static final class HeldGradients {
    private float[] ofState = new float[0];
    private float[] ofMemory = new float[0];

    private void reserve(CellBuffers b, int rows) {
      int states = b.dBefore(0, 1).data().length;
      ofState = ofState.length < states ? new float[states] : ofState;
      if (b.kind() == CellBuffers.Kind.MEMORY && rows > 0) {
        int memories = b.dCell().data().length;
        ofMemory = ofMemory.length < memories ? new float[memories] : ofMemory;
      }
    }
  }

  /** Makes room for gradients, before the way back through {@code rows} rows. */
  void begin(CellBuffers b, int rows, HeldGradients kept) {
    if (!none() && rows > 0) {
      kept.reserve(b, rows);
    }
  }

  /** Takes the gradients of elements that kept their values out of the cell's way. */
  void takeOut(CellBuffers b, int from, int to, @Nullable Noise noise, HeldGradients kept) {
    if (state > 0) {
      Matrix gradient = b.dOutput(to);
      int place = b.dBefore(from, to).offset();
      var shares = Shares.of(noise == null ? null : noise.part(0), b.outputs(), state);
      for (int row = from; row < to; row++) {
        shares.move(row, gradient.data(), gradient.row(row), kept.ofState, place);
        place += b.outputs();
      }
    }
    if (memory > 0 && b.kind() == CellBuffers.Kind.MEMORY) {
      float[] gradient = b.dCell().data();
      var shares = Shares.of(noise == null ? null : noise.part(1), b.units(), memory);
      for (int row = from; row < to; row++) {
        shares.move(row, gradient, b.sequence(row), kept.ofMemory, b.sequence(row));
      }
    }
  }

  /** Adds what {@link #takeOut} took to the gradients of the step before. */
  void putBack(CellBuffers b, int from, int to, HeldGradients kept) {
    if (state > 0) {
      Matrix before = b.dBefore(from, to);
      Rows.add(
          kept.ofState, before.offset(), before.data(), before.offset(), (to - from) * b.outputs());
    }
    if (memory > 0 && b.kind() == CellBuffers.Kind.MEMORY) {
      for (int row = from; row < to; row++) {
        int place = b.sequence(row);
        Rows.add(kept.ofMemory, place, b.dCell().data(), place, b.units());
      }
    }
  }
}
