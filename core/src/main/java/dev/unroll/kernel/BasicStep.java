package dev.unroll.kernel;

/**
 * The element-wise part of a basic (Elman) step: {@code a⟨t⟩ = g(z)}, with g = tanh or ReLU. All
 * methods work on the rows from {@code from} up to {@code to}; the one gate holds z.
 */
public final class BasicStep {

  private BasicStep() {}

  /** Computes a⟨t⟩ = tanh(z). */
  public static void tanh(CellBuffers b, int from, int to) {
    int start = b.at(from);
    int count = (to - from) * b.units();
    int target = b.outputStart + start;
    System.arraycopy(b.gates, start, b.output, target, count);
    Functions.tanh(b.output, b.output, target, count);
  }

  /** Computes a⟨t⟩ = max(z, 0); a NaN stays one. */
  public static void relu(CellBuffers b, int from, int to) {
    for (int i = b.at(from); i < b.at(to); i++) {
      b.output[b.outputStart + i] = b.gates[i] < 0f ? 0f : b.gates[i];
    }
  }

  /** Computes dz = da ∗ (1 - a²). */
  public static void tanhBackward(CellBuffers b, int from, int to) {
    for (int i = b.at(from); i < b.at(to); i++) {
      float a = b.output[b.outputStart + i];
      b.gates[i] = b.dOutput[i] * Math.fma(-a, a, 1f);
    }
  }

  /** Computes dz = da where z is positive, else 0. */
  public static void reluBackward(CellBuffers b, int from, int to) {
    for (int i = b.at(from); i < b.at(to); i++) {
      b.gates[i] = b.gates[i] > 0f ? b.dOutput[i] : 0f;
    }
  }
}
