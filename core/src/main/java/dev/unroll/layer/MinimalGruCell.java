package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.MinimalStep;
import dev.unroll.kernel.Workers;
import java.util.List;

/**
 * The minimal gated recurrent unit (minGRU, Feng et al. 2024): gate and candidate depend on the
 * input alone, so that all steps are one product, and what is left of the recurrence is a sum.
 * Gates lie in the order u, c.
 *
 * <pre>{@code
 * Γu = σ(Wu x⟨t⟩ + bu)    c̃ = Wc x⟨t⟩ + bc
 * a⟨t⟩ = Γu ∗ c̃ + (1-Γu) ∗ a⟨t-1⟩
 * }</pre>
 */
public record MinimalGruCell() implements Cell {

  @Override
  public List<String> gateNames() {
    return List.of("u", "c");
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
  public void forward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    MinimalStep.gruForward(b, from, to);
  }

  @Override
  public void backward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    MinimalStep.gruBackward(b, from, to);
  }
}
