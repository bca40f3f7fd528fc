package dev.unroll.kernel;

import dev.unroll.base.Matrix;

/**
 * The element-wise parts of cells whose gates depend only on the input (Feng et al. 2024), forward
 * and backward. The gates of a row lie side by side, each H wide: u, c̃ or u, f, c̃.
 *
 * <pre>{@code
 * a⟨t⟩ = s ∗ c̃ + (1-s) ∗ a⟨t-1⟩, computed as a⟨t-1⟩ + s ∗ (c̃ - a⟨t-1⟩)
 * minimal GRU:   s = Γu            minimal LSTM:  s = Γu / (Γu + Γf)
 * }</pre>
 *
 * <p>Shapes: gates [n][G·H], all others [n][H]; every method works on all rows.
 */
public final class MinimalStep {

  private MinimalStep() {}

  /** Computes dzu, dc̃ and da⟨t-1⟩ of the minimal GRU. */
  public static void gruBackward(Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore) {
    for (int row = 0; row < gates.rows(); row++) {
      int done =
          Kernels.vector()
              ? VectorMinimalStep.gruBackward(gates, before, dOutput, dBefore, row)
              : 0;
      gruBackward(done, gates, before, dOutput, dBefore, row);
    }
  }

  /** The scalar twin, from unit {@code first} on. */
  static void gruBackward(
      int first, Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore, int row) {
    float[] z = gates.data();
    int units = dOutput.columns();
    int u = gates.row(row);
    int c = u + units;
    int past = before.row(row);
    int from = dOutput.row(row);
    int into = dBefore.row(row);
    for (int j = first; j < units; j++) {
      float da = dOutput.data()[from + j];
      float update = z[u + j];
      float change = z[c + j] - before.data()[past + j];
      z[c + j] = da * update;
      z[u + j] = da * change * (update * (1f - update));
      dBefore.data()[into + j] = da * (1f - update);
    }
  }

  /** Computes Γu, Γf and a⟨t⟩ of the minimal LSTM. */
  public static void lstmForward(Matrix gates, Matrix before, Matrix output) {
    for (int row = 0; row < gates.rows(); row++) {
      Functions.sigmoid(gates.data(), gates.data(), gates.row(row), 2 * output.columns());
      int done = Kernels.vector() ? VectorMinimalStep.lstmMix(gates, before, output, row) : 0;
      lstmMix(done, gates, before, output, row);
    }
  }

  /** The scalar twin, from unit {@code first} on. */
  static void lstmMix(int first, Matrix gates, Matrix before, Matrix output, int row) {
    float[] z = gates.data();
    int units = output.columns();
    int u = gates.row(row);
    int f = u + units;
    int c = f + units;
    int past = before.row(row);
    int now = output.row(row);
    for (int j = first; j < units; j++) {
      float old = before.data()[past + j];
      float share = z[u + j] / sum(z[u + j], z[f + j]);
      output.data()[now + j] = Fma.fma(share, z[c + j] - old, old);
    }
  }

  /** Computes dzu, dzf, dc̃ and da⟨t-1⟩ of the minimal LSTM. */
  public static void lstmBackward(Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore) {
    for (int row = 0; row < gates.rows(); row++) {
      int done =
          Kernels.vector()
              ? VectorMinimalStep.lstmBackward(gates, before, dOutput, dBefore, row)
              : 0;
      lstmBackward(done, gates, before, dOutput, dBefore, row);
    }
  }

  /** The scalar twin, from unit {@code first} on. */
  static void lstmBackward(
      int first, Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore, int row) {
    float[] z = gates.data();
    int units = dOutput.columns();
    int u = gates.row(row);
    int f = u + units;
    int c = f + units;
    int past = before.row(row);
    int from = dOutput.row(row);
    int into = dBefore.row(row);
    for (int j = first; j < units; j++) {
      float da = dOutput.data()[from + j];
      float update = z[u + j];
      float forget = z[f + j];
      float sum = sum(update, forget);
      float share = update / sum;
      float keep = forget / sum;
      float change = z[c + j] - before.data()[past + j];
      z[c + j] = da * share;
      // ds/dΓu = Γf / (Γu + Γf)², ds/dΓf = -Γu / (Γu + Γf)²
      z[u + j] = da * change * share * keep * (1f - update);
      z[f + j] = -da * change * share * keep * (1f - forget);
      dBefore.data()[into + j] = da * keep;
    }
  }

  /** Where both gates are shut too tight for a float, the state is kept. */
  private static float sum(float update, float forget) {
    return Math.max(update + forget, Float.MIN_NORMAL);
  }
}
