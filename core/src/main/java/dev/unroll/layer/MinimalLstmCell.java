package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.MinimalStep;
import dev.unroll.kernel.Workers;
import java.util.List;

/**
 * The minimal long short-term memory (minLSTM, Feng et al. 2024): gates and candidate depend on the
 * input alone, as in {@link MinimalGruCell}, and the two gates are scaled to sum up to 1. Gates lie
 * in the order u, f, c.
 *
 * <pre>{@code
 * Γ• = σ(W• x⟨t⟩ + b•)  for • = u, f    c̃ = Wc x⟨t⟩ + bc
 * a⟨t⟩ = (Γf ∗ a⟨t-1⟩ + Γu ∗ c̃) / (Γf + Γu)
 * }</pre>
 */
public record MinimalLstmCell() implements Cell {

  @Override
  public List<String> gateNames() {
    return List.of("u", "f", "c");
  }

  @Override
  public CellBuffers.Kind kind() {
    return CellBuffers.Kind.PLAIN;
  }

  @Override
  public List<Integer> groups() {
    return List.of();
  }

  @Override
  public float initialBias(String gate) {
    return gate.equals("f") ? 1f : 0f;
  }

  @Override
  public void forward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    MinimalStep.lstmForward(b, from, to);
  }

  @Override
  public void backward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    MinimalStep.lstmBackward(b, from, to);
  }
}
