package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.GruStep;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Workers;
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
  public List<String> gateNames() {
    return List.of("u", "c");
  }

  @Override
  public CellBuffers.Kind kind() {
    return CellBuffers.Kind.PLAIN;
  }

  @Override
  public List<Integer> groups() {
    return List.of(2);
  }

  @Override
  public void forward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    w.addToGates(0, b, b.before(to), from, to, workers);
    GruStep.blend(b, from, to);
  }

  @Override
  public void backward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    GruStep.blendBackward(b, from, to);
    Matrix dz = b.dGates(to).rows(from, to);
    w.back(0, b, from, dz, b.dBefore(from, to), true, workers);
  }
}
