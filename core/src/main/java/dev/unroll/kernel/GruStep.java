package dev.unroll.kernel;

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
 * All methods work on the rows from {@code from} up to {@code to}.
 */
public final class GruStep {

  private GruStep() {}

  /** Computes Γr and the inner term Γr ∗ a⟨t-1⟩ (reset before the product). */
  public static void resetBefore(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorGruStep.resetBefore(b, row);
      } else {
        resetBefore(b, row);
      }
    }
  }

  /** Computes Γr and adds Γr ∗ inner to the pre-activation of c̃ (reset after). */
  public static void resetAfter(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorGruStep.resetAfter(b, row);
      } else {
        resetAfter(b, row);
      }
    }
  }

  /** Computes Γu, c̃ and a⟨t⟩. */
  public static void blend(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorGruStep.blend(b, row);
      } else {
        blend(b, row);
      }
    }
  }

  /** Computes dzu, dzc and the direct part of da⟨t-1⟩. */
  public static void blendBackward(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorGruStep.blendBackward(b, row);
      } else {
        blendBackward(b, row);
      }
    }
  }

  /** Computes dzr from the gradient of the inner term, and adds to da⟨t-1⟩. */
  public static void resetBeforeBackward(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorGruStep.resetBeforeBackward(b, row);
      } else {
        resetBeforeBackward(b, row);
      }
    }
  }

  /** Computes the gradient of the inner term, and dzr. */
  public static void resetAfterBackward(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorGruStep.resetAfterBackward(b, row);
      } else {
        resetAfterBackward(b, row);
      }
    }
  }

  static void resetBefore(CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    int at = b.at(row);
    for (int j = 0; j < units; j++) {
      float reset = Functions.sigmoid(b.gates[r + j]);
      b.gates[r + j] = reset;
      b.inner[at + j] = reset * b.before[b.beforeStart + at + j];
    }
  }

  static void resetAfter(CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    int c = r + units;
    int at = b.at(row);
    for (int j = 0; j < units; j++) {
      float reset = Functions.sigmoid(b.gates[r + j]);
      b.gates[r + j] = reset;
      b.gates[c + j] = Math.fma(reset, b.inner[at + j], b.gates[c + j]);
    }
  }

  static void blend(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    int c = u + (b.gateCount() - 1) * units;
    int at = b.at(row);
    for (int j = 0; j < units; j++) {
      float update = Functions.sigmoid(b.gates[u + j]);
      float candidate = Functions.tanh(b.gates[c + j]);
      b.gates[u + j] = update;
      b.gates[c + j] = candidate;
      float before = b.before[b.beforeStart + at + j];
      b.output[b.outputStart + at + j] = Math.fma(update, candidate - before, before);
    }
  }

  static void blendBackward(CellBuffers b, int row) {
    blendBackwardFrom(0, b, row);
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void blendBackwardFrom(int first, CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    int c = u + (b.gateCount() - 1) * units;
    int at = b.at(row);
    int slot = b.slot(row);
    for (int j = first; j < units; j++) {
      float da = b.dOutput[at + j];
      float update = b.gates[u + j];
      float candidate = b.gates[c + j];
      // dzc = da ∗ Γu ∗ (1 - c̃²)
      b.gates[c + j] = da * update * Math.fma(-candidate, candidate, 1f);
      // dzu = da ∗ (c̃ - a⟨t-1⟩) ∗ Γu ∗ (1-Γu)
      b.gates[u + j] =
          da * (candidate - b.before[b.beforeStart + at + j]) * (update * (1f - update));
      // da⟨t-1⟩ = da ∗ (1-Γu) + …
      b.dBefore[slot + j] = da * (1f - update);
    }
  }

  static void resetBeforeBackward(CellBuffers b, int row) {
    resetBeforeBackwardFrom(0, b, row);
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void resetBeforeBackwardFrom(int first, CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    int at = b.at(row);
    int slot = b.slot(row);
    for (int j = first; j < units; j++) {
      float reset = b.gates[r + j];
      float inner = b.dInner[at + j];
      // dzr = s ∗ a⟨t-1⟩ ∗ Γr ∗ (1-Γr), with s = Wcaᵀ dzc
      b.gates[r + j] = inner * b.before[b.beforeStart + at + j] * (reset * (1f - reset));
      // da⟨t-1⟩ += s ∗ Γr
      b.dBefore[slot + j] = Math.fma(inner, reset, b.dBefore[slot + j]);
    }
  }

  static void resetAfterBackward(CellBuffers b, int row) {
    resetAfterBackwardFrom(0, b, row);
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void resetAfterBackwardFrom(int first, CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    int c = r + units;
    int at = b.at(row);
    for (int j = first; j < units; j++) {
      float reset = b.gates[r + j];
      float dCandidate = b.gates[c + j];
      // dzr = dzc ∗ inner ∗ Γr ∗ (1-Γr)
      b.gates[r + j] = dCandidate * b.inner[at + j] * (reset * (1f - reset));
      b.dInner[at + j] = dCandidate * reset;
    }
  }
}
