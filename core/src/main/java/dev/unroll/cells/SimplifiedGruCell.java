package dev.unroll.cells;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.GruStep;
import java.util.List;

/**
 * The gated recurrent unit without a reset gate. Gates lie in the order u, c.
 *
 * <pre>{@code
 * c̃ = tanh(Wc[a⟨t-1⟩, x⟨t⟩] + bc)    Γu = σ(Wu[a⟨t-1⟩, x⟨t⟩] + bu)
 * a⟨t⟩ = Γu ∗ c̃ + (1-Γu) ∗ a⟨t-1⟩
 * }</pre>
 */
public record SimplifiedGruCell() implements Cell {

  @Override
  public String label() {
    return "gru-simplified";
  }

  @Override
  public String summary() {
    return "without a reset gate";
  }

  @Override
  public String family() {
    return "gru";
  }

  @Override
  public List<String> gates() {
    return List.of("u", "c");
  }

  @Override
  public void forward(CellStep s) {
    s.addProduct(0, s.before(), s.z());
    GruStep.blend(s.z(), s.before(), s.output());
  }

  @Override
  public void backward(CellStep s) {
    GruStep.blendBackward(s.z(), s.before(), s.dOutput(), s.dBefore());
    s.addProductBackward(0, s.z(), s.dBefore());
  }
}
