package dev.unroll.kernel;

/**
 * The element-wise parts of cells whose gates know the input alone (Feng et al. 2024), forward and
 * backward. The gates of a row lie side by side, each H wide: u, c̃ or u, f, c̃.
 *
 * <pre>{@code
 * a⟨t⟩ = s ∗ c̃ + (1-s) ∗ a⟨t-1⟩, computed as a⟨t-1⟩ + s ∗ (c̃ - a⟨t-1⟩)
 * minimal GRU:   s = Γu            minimal LSTM:  s = Γu / (Γu + Γf)
 * }</pre>
 *
 * All methods work on the rows from {@code from} up to {@code to}.
 */
public final class MinimalStep {

  private MinimalStep() {}

  /** Computes Γu and a⟨t⟩ of the minimal GRU. */
  public static void gruForward(CellBuffers b, int from, int to) {
    int units = b.units();
    for (int row = from; row < to; row++) {
      int u = b.gatesAt(row);
      int c = u + units;
      int before = b.beforeStart + b.at(row);
      int output = b.outputStart + b.at(row);
      Functions.sigmoid(b.gates, b.gates, u, units);
      for (int j = 0; j < units; j++) {
        float old = b.before[before + j];
        b.output[output + j] = Math.fma(b.gates[u + j], b.gates[c + j] - old, old);
      }
    }
  }

  /** Computes dzu, dc̃ and da⟨t-1⟩ of the minimal GRU. */
  public static void gruBackward(CellBuffers b, int from, int to) {
    int units = b.units();
    for (int row = from; row < to; row++) {
      int u = b.gatesAt(row);
      int c = u + units;
      int at = b.at(row);
      int slot = b.slot(row);
      for (int j = 0; j < units; j++) {
        float da = b.dOutput[at + j];
        float update = b.gates[u + j];
        float change = b.gates[c + j] - b.before[b.beforeStart + at + j];
        b.gates[c + j] = da * update;
        b.gates[u + j] = da * change * (update * (1f - update));
        b.dBefore[slot + j] = da * (1f - update);
      }
    }
  }

  /** Computes Γu, Γf and a⟨t⟩ of the minimal LSTM. */
  public static void lstmForward(CellBuffers b, int from, int to) {
    int units = b.units();
    for (int row = from; row < to; row++) {
      int u = b.gatesAt(row);
      int f = u + units;
      int c = f + units;
      int before = b.beforeStart + b.at(row);
      int output = b.outputStart + b.at(row);
      Functions.sigmoid(b.gates, b.gates, u, 2 * units);
      for (int j = 0; j < units; j++) {
        float old = b.before[before + j];
        float share = b.gates[u + j] / sum(b.gates[u + j], b.gates[f + j]);
        b.output[output + j] = Math.fma(share, b.gates[c + j] - old, old);
      }
    }
  }

  /** Computes dzu, dzf, dc̃ and da⟨t-1⟩ of the minimal LSTM. */
  public static void lstmBackward(CellBuffers b, int from, int to) {
    int units = b.units();
    for (int row = from; row < to; row++) {
      int u = b.gatesAt(row);
      int f = u + units;
      int c = f + units;
      int at = b.at(row);
      int slot = b.slot(row);
      for (int j = 0; j < units; j++) {
        float da = b.dOutput[at + j];
        float update = b.gates[u + j];
        float forget = b.gates[f + j];
        float sum = sum(update, forget);
        float share = update / sum;
        float keep = forget / sum;
        float change = b.gates[c + j] - b.before[b.beforeStart + at + j];
        b.gates[c + j] = da * share;
        // ds/dΓu = Γf / (Γu + Γf)², ds/dΓf = -Γu / (Γu + Γf)²
        b.gates[u + j] = da * change * share * keep * (1f - update);
        b.gates[f + j] = -da * change * share * keep * (1f - forget);
        b.dBefore[slot + j] = da * keep;
      }
    }
  }

  /** Where both gates are shut too tight for a float, the state is kept. */
  private static float sum(float update, float forget) {
    return Math.max(update + forget, Float.MIN_NORMAL);
  }
}
