package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.GruStep;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  @Override
  public List<String> gateNames() {
    return List.of("u", "r", "c");
  }

  @Override
  public CellBuffers.Kind kind() {
    return CellBuffers.Kind.RESET;
  }

  @Override
  public List<Integer> groups() {
    return List.of(2, 1);
  }

  @Override
  public @Nullable Slice layOut(String prefix, int units, Layout layout) {
    return resetAfter ? layout.vector(prefix + "recurrent.bias", units) : null;
  }

  @Override
  public void forward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    w.addToGates(0, b, b.before(to), from, to, workers);
    Slice bias = w.own();
    if (!resetAfter || bias == null) {
      GruStep.resetBefore(b, from, to);
      w.addToGates(1, b, b.inner(to), from, to, workers);
    } else {
      Rows.broadcast(w.values(), bias.offset(), b.inner(to), from, to);
      w.addTo(1, b, b.before(to), b.inner(to), from, to, workers);
      GruStep.resetAfter(b, from, to);
    }
    GruStep.blend(b, from, to);
  }

  @Override
  public void backward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    GruStep.blendBackward(b, from, to);
    int units = b.units();
    Matrix dz = b.dGates(to).rows(from, to);
    Matrix dInner = b.dInner(to).rows(from, to);
    Matrix dBefore = b.dBefore(from, to);
    if (resetAfter) {
      GruStep.resetAfterBackward(b, from, to);
      w.back(1, b, from, dInner, dBefore, true, workers);
    } else {
      w.back(1, b, from, dz.columns(2 * units, 3 * units), dInner, false, workers); // s = Wcaᵀ dzc
      GruStep.resetBeforeBackward(b, from, to);
    }
    w.back(0, b, from, dz.columns(0, 2 * units), dBefore, true, workers);
  }

  @Override
  public Matrix recurrentInput(CellBuffers b, int rows, int group) {
    boolean inner = group == 1 && !resetAfter;
    return inner ? b.inner(rows) : b.before(rows);
  }

  @Override
  public Matrix recurrentGradient(CellBuffers b, int rows, int group) {
    return group == 1 && resetAfter ? b.dInner(rows) : Cell.super.recurrentGradient(b, rows, group);
  }

  @Override
  public void addOwnGradients(
      Slice own, CellBuffers b, int rows, float[] gradients, Workers workers) {
    Matrix dInner = b.dInner(rows);
    Rows.addColumnSums(dInner, gradients, own.offset(), workers);
  }
}
