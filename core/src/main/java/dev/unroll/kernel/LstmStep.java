package dev.unroll.kernel;

import dev.unroll.base.Matrix;

/**
 * The element-wise part of an LSTM step, forward and backward, each in one sweep over a row while
 * it is in cache. The gates of a row lie side by side in the order u, f, c̃, o, each H wide.
 *
 * <pre>{@code
 * Γu = σ(zu)   Γf = σ(zf)   c̃ = tanh(zc)   Γo = σ(zo)
 * c⟨t⟩ = Γf ∗ c⟨t-1⟩ + Γu ∗ c̃             a⟨t⟩ = Γo ∗ tanh(c⟨t⟩)
 * }</pre>
 *
 * <p>The step comes in two halves, the memory and the output, so that a peephole of the output gate
 * can look at c⟨t⟩ in between. Shapes: gates [n][4·H], all others [n][H]; every method works on all
 * rows. The backward methods overwrite gate values by the gradients of their pre-activations.
 */
public final class LstmStep {

  private LstmStep() {}

  /** Computes Γu, Γf, c̃ and c⟨t⟩ from the pre-activations. */
  public static void memoryForward(Matrix gates, Matrix before, Matrix memory) {
    for (int row = 0; row < gates.rows(); row++) {
      if (Kernels.vector()) {
        VectorLstmStep.memoryForward(gates, before, memory, row);
      } else {
        memoryForward(gates, before, memory, row);
      }
    }
  }

  /**
   * Computes Γo, tanh(c⟨t⟩) and a⟨t⟩.
   *
   * @param seen what tanh is taken of; may be {@code squashed} itself
   */
  public static void outputForward(Matrix gates, Matrix seen, Matrix squashed, Matrix output) {
    for (int row = 0; row < gates.rows(); row++) {
      if (Kernels.vector()) {
        VectorLstmStep.outputForward(gates, seen, squashed, output, row);
      } else {
        outputForward(gates, seen, squashed, output, row);
      }
    }
  }

  /** Computes dzo, and adds to {@code dSeen} what comes through the output. */
  public static void outputBackward(Matrix gates, Matrix dOutput, Matrix squashed, Matrix dSeen) {
    for (int row = 0; row < gates.rows(); row++) {
      int done =
          Kernels.vector()
              ? VectorLstmStep.outputBackward(gates, dOutput, squashed, dSeen, row)
              : 0;
      outputBackward(done, gates, dOutput, squashed, dSeen, row);
    }
  }

  /** Computes dzu, dzf, dzc and dc⟨t-1⟩ from dc, which it replaces. */
  public static void memoryBackward(Matrix gates, Matrix before, Matrix dMemory) {
    for (int row = 0; row < gates.rows(); row++) {
      int done = Kernels.vector() ? VectorLstmStep.memoryBackward(gates, before, dMemory, row) : 0;
      memoryBackward(done, gates, before, dMemory, row);
    }
  }

  static void memoryForward(Matrix gates, Matrix before, Matrix memory, int row) {
    float[] z = gates.data();
    int units = memory.columns();
    int u = gates.row(row);
    int f = u + units;
    int c = f + units;
    int past = before.row(row);
    int now = memory.row(row);
    for (int j = 0; j < units; j++) {
      float update = Functions.sigmoid(z[u + j]);
      float forget = Functions.sigmoid(z[f + j]);
      float candidate = Functions.tanh(z[c + j]);
      z[u + j] = update;
      z[f + j] = forget;
      z[c + j] = candidate;
      memory.data()[now + j] = Fma.fma(forget, before.data()[past + j], update * candidate);
    }
  }

  static void outputForward(Matrix gates, Matrix seen, Matrix squashed, Matrix output, int row) {
    int units = output.columns();
    int o = gates.row(row) + 3 * units;
    int from = seen.row(row);
    int at = squashed.row(row);
    int now = output.row(row);
    for (int j = 0; j < units; j++) {
      float out = Functions.sigmoid(gates.data()[o + j]);
      float tanh = Functions.tanh(seen.data()[from + j]);
      gates.data()[o + j] = out;
      squashed.data()[at + j] = tanh;
      output.data()[now + j] = out * tanh;
    }
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void outputBackward(
      int first, Matrix gates, Matrix dOutput, Matrix squashed, Matrix dSeen, int row) {
    int units = dOutput.columns();
    int o = gates.row(row) + 3 * units;
    int from = dOutput.row(row);
    int at = squashed.row(row);
    int into = dSeen.row(row);
    for (int j = first; j < units; j++) {
      float da = dOutput.data()[from + j];
      float out = gates.data()[o + j];
      float tanh = squashed.data()[at + j];
      // dzo = da ∗ tanh(c) ∗ Γo ∗ (1-Γo)
      gates.data()[o + j] = da * tanh * (out * (1f - out));
      // dc += da ∗ Γo ∗ (1 - tanh²(c))
      dSeen.data()[into + j] = Fma.fma(da * out, Fma.fma(-tanh, tanh, 1f), dSeen.data()[into + j]);
    }
  }

  /** The units from {@code first} on; the vector twin leaves the end of a row to it. */
  static void memoryBackward(int first, Matrix gates, Matrix before, Matrix dMemory, int row) {
    float[] z = gates.data();
    float[] d = dMemory.data();
    int units = dMemory.columns();
    int u = gates.row(row);
    int f = u + units;
    int c = f + units;
    int past = before.row(row);
    int at = dMemory.row(row);
    for (int j = first; j < units; j++) {
      float dc = d[at + j];
      float update = z[u + j];
      float forget = z[f + j];
      float candidate = z[c + j];
      // dzu = dc ∗ c̃ ∗ Γu ∗ (1-Γu)
      z[u + j] = dc * candidate * (update * (1f - update));
      // dzf = dc ∗ c⟨t-1⟩ ∗ Γf ∗ (1-Γf)
      z[f + j] = dc * before.data()[past + j] * (forget * (1f - forget));
      // dzc = dc ∗ Γu ∗ (1 - c̃²)
      z[c + j] = dc * update * Fma.fma(-candidate, candidate, 1f);
      // dc⟨t-1⟩ = dc ∗ Γf
      d[at + j] = dc * forget;
    }
  }
}
