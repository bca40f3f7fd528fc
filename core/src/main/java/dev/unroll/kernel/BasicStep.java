package dev.unroll.kernel;

/**
 * The element-wise part of a basic (Elman) step: {@code a⟨t⟩ = g(z)}, with g = tanh or ReLU. All
 * methods work on the rows from {@code from} up to {@code to}; the one gate holds z.
 */
public final class BasicStep {

  private BasicStep() {}

  /** Computes a⟨t⟩ = tanh(z). */
  public static void tanh(CellBuffers b, int from, int to) {
    int start = from * b.units();
    int count = (to - from) * b.units();
    System.arraycopy(b.gates, start, b.output, start, count);
    Functions.tanh(b.output, b.output, start, count);
  }

  /** Computes a⟨t⟩ = max(z, 0); a NaN stays one. */
  public static void relu(CellBuffers b, int from, int to) {
    for (int i = from * b.units(); i < to * b.units(); i++) {
      b.output[i] = b.gates[i] < 0f ? 0f : b.gates[i];
    }
  }

  /** Computes dz = da ∗ (1 - a²). */
  public static void tanhBackward(CellBuffers b, int from, int to) {
    for (int i = from * b.units(); i < to * b.units(); i++) {
      b.gates[i] = b.dOutput[i] * Math.fma(-b.output[i], b.output[i], 1f);
    }
  }

  /** Computes dz = da where z is positive, else 0. */
  public static void reluBackward(CellBuffers b, int from, int to) {
    for (int i = from * b.units(); i < to * b.units(); i++) {
      b.gates[i] = b.gates[i] > 0f ? b.dOutput[i] : 0f;
    }
  }
}
