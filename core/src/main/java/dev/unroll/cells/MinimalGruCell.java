package dev.unroll.cells;

import dev.unroll.base.Matrix;
import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.Elementwise;
import dev.unroll.kernel.MinimalStep;
import java.util.List;

/**
 * The minimal gated recurrent unit (minGRU, Feng et al. 2024): gate and candidate depend on the
 * input only, so that all steps are one product, and what is left of the recurrence is a sum. Gates
 * lie in the order u, c.
 *
 * <pre>{@code
 * Γu = σ(Wu x⟨t⟩ + bu)    c̃ = Wc x⟨t⟩ + bc
 * a⟨t⟩ = Γu ∗ c̃ + (1-Γu) ∗ a⟨t-1⟩
 * }</pre>
 */
public record MinimalGruCell() implements Cell {

  @Override
  public String label() {
    return "min-gru";
  }

  @Override
  public String summary() {
    return "gate from the input only";
  }

  @Override
  public String family() {
    return "min";
  }

  @Override
  public List<String> gates() {
    return List.of("u", "c");
  }

  @Override
  public List<Integer> products() {
    return List.of();
  }

  @Override
  public void forward(CellStep s) {
    Matrix u = s.gate(0);
    Elementwise.sigmoid(u, u);
    Elementwise.interpolate(u, s.gate(1), s.before(), s.output());
  }

  @Override
  public void backward(CellStep s) {
    MinimalStep.gruBackward(s.z(), s.before(), s.dOutput(), s.dBefore());
  }
}
