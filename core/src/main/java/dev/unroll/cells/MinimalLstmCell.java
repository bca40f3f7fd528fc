package dev.unroll.cells;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.MinimalStep;
import java.util.List;

/**
 * The minimal long short-term memory (minLSTM, Feng et al. 2024): gates and candidate depend on the
 * input only, as in {@link MinimalGruCell}, and the two gates are scaled to sum up to 1. Gates lie
 * in the order u, f, c.
 *
 * <pre>{@code
 * Γ• = σ(W• x⟨t⟩ + b•)  for • = u, f    c̃ = Wc x⟨t⟩ + bc
 * a⟨t⟩ = (Γf ∗ a⟨t-1⟩ + Γu ∗ c̃) / (Γf + Γu)
 * }</pre>
 */
public record MinimalLstmCell() implements Cell {

  @Override
  public String label() {
    return "min-lstm";
  }

  @Override
  public String summary() {
    return "gates from the input only";
  }

  @Override
  public String family() {
    return "min";
  }

  @Override
  public List<String> gates() {
    return List.of("u", "f", "c");
  }

  @Override
  public List<Integer> products() {
    return List.of();
  }

  @Override
  public float initialBias(String gate) {
    return gate.equals("f") ? 1f : 0f;
  }

  @Override
  public void forward(CellStep s) {
    MinimalStep.lstmForward(s.z(), s.before(), s.output());
  }

  @Override
  public void backward(CellStep s) {
    MinimalStep.lstmBackward(s.z(), s.before(), s.dOutput(), s.dBefore());
  }
}
