package dev.unroll.cells;

import dev.unroll.base.Matrix;
import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.GruStep;
import dev.unroll.kernel.Rows;
import java.util.List;

/**
 * The gated recurrent unit with a reset gate (Cho et al. 2014). Gates lie in the order u, r, c.
 *
 * <pre>{@code
 * Γu = σ(Wu[a⟨t-1⟩, x⟨t⟩] + bu)    Γr = σ(Wr[a⟨t-1⟩, x⟨t⟩] + br)
 * reset before   c̃ = tanh(Wc[Γr ∗ a⟨t-1⟩, x⟨t⟩] + bc)
 * reset after    c̃ = tanh(Wcx x⟨t⟩ + bc + Γr ∗ (Wcc a⟨t-1⟩ + bcc))     (PyTorch, cuDNN, Keras)
 * a⟨t⟩ = Γu ∗ c̃ + (1-Γu) ∗ a⟨t-1⟩
 * }</pre>
 *
 * @param resetAfter whether the reset gate acts after the recurrent product or before it
 */
public record FullGruCell(boolean resetAfter) implements Cell {

  private static final String INNER = "inner";
  private static final String INNER_BIAS = "recurrent.bias";

  @Override
  public String label() {
    return resetAfter ? "gru-reset-after" : "gru";
  }

  @Override
  public String summary() {
    return resetAfter ? "reset after the product, as PyTorch and Keras" : "gated recurrent unit";
  }

  @Override
  public String family() {
    return "gru";
  }

  @Override
  public List<String> gates() {
    return List.of("u", "r", "c");
  }

  @Override
  public List<Integer> products() {
    return List.of(2, 1);
  }

  /** Γr ∗ a⟨t-1⟩, or Wcc a⟨t-1⟩ + bcc. */
  @Override
  public List<String> kept() {
    return List.of(INNER);
  }

  @Override
  public List<String> keptWithGradient() {
    return List.of(INNER);
  }

  @Override
  public List<Own> own() {
    return resetAfter
        ? List.of(Own.vector(INNER_BIAS, Own.First.ZERO, Own.Rounding.NEVER))
        : List.of();
  }

  @Override
  public void forward(CellStep s) {
    s.addProduct(0, s.before(), s.z(0));
    Matrix inner = s.kept(INNER);
    if (resetAfter) {
      Matrix bias = s.own(INNER_BIAS);
      Rows.broadcast(bias.data(), bias.offset(), inner, 0, inner.rows());
      s.addProduct(1, s.before(), inner);
      GruStep.resetAfter(s.z(), inner);
    } else {
      GruStep.resetBefore(s.z(), s.before(), inner);
      s.addProduct(1, inner, s.z(1));
    }
    GruStep.blend(s.z(), s.before(), s.output());
  }

  @Override
  public void backward(CellStep s) {
    GruStep.blendBackward(s.z(), s.before(), s.dOutput(), s.dBefore());
    Matrix dInner = s.dKept(INNER);
    if (resetAfter) {
      GruStep.resetAfterBackward(s.z(), s.kept(INNER), dInner);
      s.addProductBackward(1, dInner, s.dBefore());
    } else {
      s.productBackward(1, s.z(1), dInner); // s = Wcaᵀ dzc
      GruStep.resetBeforeBackward(s.z(), s.before(), dInner, s.dBefore());
    }
    s.addProductBackward(0, s.z(0), s.dBefore());
  }

  @Override
  public Matrix productInput(int product, CellStep s) {
    return product == 1 && !resetAfter ? s.kept(INNER) : s.before();
  }

  @Override
  public Matrix productGradient(int product, CellStep s) {
    return product == 1 && resetAfter ? s.dKept(INNER) : s.z(product);
  }

  @Override
  public void addOwnGradients(CellStep all) {
    if (resetAfter) {
      all.addOwnGradient(INNER_BIAS, all.dKept(INNER));
    }
  }
}
