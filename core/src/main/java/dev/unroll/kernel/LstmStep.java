package dev.unroll.kernel;

/**
 * The element-wise part of an LSTM step, forward and backward, each in one sweep over a row while
 * it is in cache. The gates of a row lie side by side in the order u, f, c̃, o, each H wide.
 *
 * <pre>{@code
 * Γu = σ(zu)   Γf = σ(zf)   c̃ = tanh(zc)   Γo = σ(zo)
 * c⟨t⟩ = Γf ∗ c⟨t-1⟩ + Γu ∗ c̃             a⟨t⟩ = Γo ∗ tanh(c⟨t⟩)
 * }</pre>
 *
 * The step comes in two halves, the cell and the output, so that a peephole of the output gate can
 * look at c⟨t⟩ in between. All methods work on the rows from {@code from} up to {@code to}.
 */
public final class LstmStep {

  private LstmStep() {}

  /** Computes Γu, Γf, c̃ and c⟨t⟩ from the pre-activations. */
  public static void cellForward(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorLstmStep.cellForward(b, row);
      } else {
        cellForward(b, row);
      }
    }
  }

  /** Computes Γo, tanh(c⟨t⟩) and a⟨t⟩. */
  public static void outputForward(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorLstmStep.outputForward(b, row);
      } else {
        outputForward(b, row);
      }
    }
  }

  /** Computes dzo, and adds to dc what comes through the output. */
  public static void outputBackward(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorLstmStep.outputBackward(b, row);
      } else {
        outputBackward(b, row);
      }
    }
  }

  /** Computes dzu, dzf, dzc and dc⟨t-1⟩ from dc, which it replaces. */
  public static void cellBackward(CellBuffers b, int from, int to) {
    for (int row = from; row < to; row++) {
      if (Kernels.vector()) {
        VectorLstmStep.cellBackward(b, row);
      } else {
        cellBackward(b, row);
      }
    }
  }

  static void cellForward(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    int f = u + units;
    int c = f + units;
    int at = b.at(row);
    for (int j = 0; j < units; j++) {
      float update = Functions.sigmoid(b.gates[u + j]);
      float forget = Functions.sigmoid(b.gates[f + j]);
      float candidate = Functions.tanh(b.gates[c + j]);
      b.gates[u + j] = update;
      b.gates[f + j] = forget;
      b.gates[c + j] = candidate;
      b.cell[b.cellStart + at + j] = Math.fma(forget, b.cellBefore[at + j], update * candidate);
    }
  }

  static void outputForward(CellBuffers b, int row) {
    int units = b.units();
    int o = b.gatesAt(row) + 3 * units;
    int at = b.at(row);
    float[] memory = b.unsquashed();
    int from = b.unsquashedAt(row);
    for (int j = 0; j < units; j++) {
      float out = Functions.sigmoid(b.gates[o + j]);
      float squashed = Functions.tanh(memory[from + j]);
      b.gates[o + j] = out;
      b.squashed[at + j] = squashed;
      b.hidden[b.hiddenStart + at + j] = out * squashed;
    }
  }

  static void outputBackward(CellBuffers b, int row) {
    outputBackwardFrom(0, b, row);
  }

  /** The units from {@code first} on. */
  static void outputBackwardFrom(int first, CellBuffers b, int row) {
    int units = b.units();
    int o = b.gatesAt(row) + 3 * units;
    int at = b.at(row);
    float[] gradient = b.dUnsquashed();
    int into = b.dUnsquashedAt(row);
    for (int j = first; j < units; j++) {
      float da = b.dHidden[at + j];
      float out = b.gates[o + j];
      float squashed = b.squashed[at + j];
      // dzo = da ∗ tanh(c) ∗ Γo ∗ (1-Γo)
      b.gates[o + j] = da * squashed * (out * (1f - out));
      // dc += da ∗ Γo ∗ (1 - tanh²(c))
      gradient[into + j] =
          Math.fma(da * out, Math.fma(-squashed, squashed, 1f), gradient[into + j]);
    }
  }

  static void cellBackward(CellBuffers b, int row) {
    cellBackwardFrom(0, b, row);
  }

  /** The units from {@code first} on. */
  static void cellBackwardFrom(int first, CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    int f = u + units;
    int c = f + units;
    int at = b.at(row);
    int sequence = b.sequence(row);
    for (int j = first; j < units; j++) {
      float dc = b.dCell[sequence + j];
      float update = b.gates[u + j];
      float forget = b.gates[f + j];
      float candidate = b.gates[c + j];
      // dzu = dc ∗ c̃ ∗ Γu ∗ (1-Γu)
      b.gates[u + j] = dc * candidate * (update * (1f - update));
      // dzf = dc ∗ c⟨t-1⟩ ∗ Γf ∗ (1-Γf)
      b.gates[f + j] = dc * b.cellBefore[at + j] * (forget * (1f - forget));
      // dzc = dc ∗ Γu ∗ (1 - c̃²)
      b.gates[c + j] = dc * update * Math.fma(-candidate, candidate, 1f);
      // dc⟨t-1⟩ = dc ∗ Γf
      b.dCell[sequence + j] = dc * forget;
    }
  }
}
