package dev.unroll.kernel;

import dev.unroll.base.Matrix;

/**
 * The element-wise parts of the GRU's steps, forward and backward. The gates of a row lie side by
 * side, each H wide: u, c̃ in the simplified form, u, r, c̃ in the two full ones.
 *
 * <pre>{@code
 * Γu = σ(zu)   Γr = σ(zr)   c̃ = tanh(zc)
 * a⟨t⟩ = Γu ∗ c̃ + (1-Γu) ∗ a⟨t-1⟩, computed as a⟨t-1⟩ + Γu ∗ (c̃ - a⟨t-1⟩)
 * reset before the product:  inner = Γr ∗ a⟨t-1⟩
 * reset after the product:   inner = Wcc a⟨t-1⟩ + bcc,   zc += Γr ∗ inner
 * }</pre>
 *
 * <p>Shapes: gates [n][G·H], all others [n][H]; every method works on all rows. The backward
 * methods overwrite gate values by the gradients of their pre-activations.
 */
public final class GruStep {

  private GruStep() {}

  /** Computes Γr and the inner term Γr ∗ a⟨t-1⟩ (reset before the product). */
  public static void resetBefore(Matrix gates, Matrix before, Matrix inner) {
    for (int row = 0; row < gates.rows(); row++) {
      if (Kernels.vector()) {
        VectorGruStep.resetBefore(gates, before, inner, row);
      } else {
        resetBefore(gates, before, inner, row);
      }
    }
  }

  /** Computes Γr and adds Γr ∗ inner to the pre-activation of c̃ (reset after). */
  public static void resetAfter(Matrix gates, Matrix inner) {
    for (int row = 0; row < gates.rows(); row++) {
      if (Kernels.vector()) {
        VectorGruStep.resetAfter(gates, inner, row);
      } else {
        resetAfter(gates, inner, row);
      }
    }
  }

  /** Computes Γu, c̃ and a⟨t⟩. */
  public static void blend(Matrix gates, Matrix before, Matrix output) {
    for (int row = 0; row < gates.rows(); row++) {
      if (Kernels.vector()) {
        VectorGruStep.blend(gates, before, output, row);
      } else {
        blend(gates, before, output, row);
      }
    }
  }

  /** Computes dzu, dzc and the direct part of da⟨t-1⟩. */
  public static void blendBackward(Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore) {
    for (int row = 0; row < gates.rows(); row++) {
      int done =
          Kernels.vector() ? VectorGruStep.blendBackward(gates, before, dOutput, dBefore, row) : 0;
      blendBackward(done, gates, before, dOutput, dBefore, row);
    }
  }

  /** Computes dzr from the gradient of the inner term, and adds to da⟨t-1⟩. */
  public static void resetBeforeBackward(
      Matrix gates, Matrix before, Matrix dInner, Matrix dBefore) {
    for (int row = 0; row < gates.rows(); row++) {
      int done =
          Kernels.vector()
              ? VectorGruStep.resetBeforeBackward(gates, before, dInner, dBefore, row)
              : 0;
      resetBeforeBackward(done, gates, before, dInner, dBefore, row);
    }
  }

  /** Computes the gradient of the inner term, and dzr. */
  public static void resetAfterBackward(Matrix gates, Matrix inner, Matrix dInner) {
    for (int row = 0; row < gates.rows(); row++) {
      int done = Kernels.vector() ? VectorGruStep.resetAfterBackward(gates, inner, dInner, row) : 0;
      resetAfterBackward(done, gates, inner, dInner, row);
    }
  }

  static void resetBefore(Matrix gates, Matrix before, Matrix inner, int row) {
    int units = inner.columns();
    int r = gates.row(row) + units;
    int past = before.row(row);
    int at = inner.row(row);
    for (int j = 0; j < units; j++) {
      float reset = Functions.sigmoid(gates.data()[r + j]);
      gates.data()[r + j] = reset;
      inner.data()[at + j] = reset * before.data()[past + j];
    }
  }

  static void resetAfter(Matrix gates, Matrix inner, int row) {
    float[] z = gates.data();
    int units = inner.columns();
    int r = gates.row(row) + units;
    int c = r + units;
    int at = inner.row(row);
    for (int j = 0; j < units; j++) {
      float reset = Functions.sigmoid(z[r + j]);
      z[r + j] = reset;
      z[c + j] = Fma.fma(reset, inner.data()[at + j], z[c + j]);
    }
  }

  static void blend(Matrix gates, Matrix before, Matrix output, int row) {
    float[] z = gates.data();
    int units = output.columns();
    int u = gates.row(row);
    int c = gates.endOfRow(row) - units;
    int past = before.row(row);
    int now = output.row(row);
    for (int j = 0; j < units; j++) {
      float update = Functions.sigmoid(z[u + j]);
      float candidate = Functions.tanh(z[c + j]);
      z[u + j] = update;
      z[c + j] = candidate;
      float old = before.data()[past + j];
      output.data()[now + j] = Fma.fma(update, candidate - old, old);
    }
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void blendBackward(
      int first, Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore, int row) {
    float[] z = gates.data();
    int units = dOutput.columns();
    int u = gates.row(row);
    int c = gates.endOfRow(row) - units;
    int past = before.row(row);
    int from = dOutput.row(row);
    int into = dBefore.row(row);
    for (int j = first; j < units; j++) {
      float da = dOutput.data()[from + j];
      float update = z[u + j];
      float candidate = z[c + j];
      // dzc = da ∗ Γu ∗ (1 - c̃²)
      z[c + j] = da * update * Fma.fma(-candidate, candidate, 1f);
      // dzu = da ∗ (c̃ - a⟨t-1⟩) ∗ Γu ∗ (1-Γu)
      z[u + j] = da * (candidate - before.data()[past + j]) * (update * (1f - update));
      // da⟨t-1⟩ = da ∗ (1-Γu) + …
      dBefore.data()[into + j] = da * (1f - update);
    }
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void resetBeforeBackward(
      int first, Matrix gates, Matrix before, Matrix dInner, Matrix dBefore, int row) {
    int units = dInner.columns();
    int r = gates.row(row) + units;
    int past = before.row(row);
    int at = dInner.row(row);
    int into = dBefore.row(row);
    for (int j = first; j < units; j++) {
      float reset = gates.data()[r + j];
      float inner = dInner.data()[at + j];
      // dzr = s ∗ a⟨t-1⟩ ∗ Γr ∗ (1-Γr), with s = Wcaᵀ dzc
      gates.data()[r + j] = inner * before.data()[past + j] * (reset * (1f - reset));
      // da⟨t-1⟩ += s ∗ Γr
      dBefore.data()[into + j] = Fma.fma(inner, reset, dBefore.data()[into + j]);
    }
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void resetAfterBackward(int first, Matrix gates, Matrix inner, Matrix dInner, int row) {
    int units = inner.columns();
    int r = gates.row(row) + units;
    int c = r + units;
    int from = inner.row(row);
    int at = dInner.row(row);
    for (int j = first; j < units; j++) {
      float reset = gates.data()[r + j];
      float dCandidate = gates.data()[c + j];
      // dzr = dzc ∗ inner ∗ Γr ∗ (1-Γr)
      gates.data()[r + j] = dCandidate * inner.data()[from + j] * (reset * (1f - reset));
      dInner.data()[at + j] = dCandidate * reset;
    }
  }
}
