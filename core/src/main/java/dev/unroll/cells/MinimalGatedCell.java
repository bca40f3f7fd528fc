package dev.unroll.cells;

import dev.unroll.base.Matrix;
import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.Elementwise;
import dev.unroll.kernel.Fma;
import java.util.List;

/**
 * The minimal gated unit (MGU, Zhou et al. 2016): a GRU whose one gate both forgets the state and
 * resets it. Gates lie in the order f, c.
 *
 * <pre>{@code
 * Γf = σ(Wf[a⟨t-1⟩, x⟨t⟩] + bf)    c̃ = tanh(Wc[Γf ∗ a⟨t-1⟩, x⟨t⟩] + bc)
 * a⟨t⟩ = Γf ∗ c̃ + (1-Γf) ∗ a⟨t-1⟩
 * }</pre>
 */
public record MinimalGatedCell() implements Cell {

  private static final String INNER = "inner";
  private static final String CANDIDATE = "candidate";

  @Override
  public String label() {
    return "mgu";
  }

  @Override
  public String summary() {
    return "one gate that forgets and resets";
  }

  @Override
  public List<String> gates() {
    return List.of("f", "c");
  }

  @Override
  public List<Integer> products() {
    return List.of(1, 1);
  }

  /** Γf ∗ a⟨t-1⟩ and c̃. */
  @Override
  public List<String> kept() {
    return List.of(INNER, CANDIDATE);
  }

  @Override
  public List<String> keptWithGradient() {
    return List.of(INNER);
  }

  /** The gate starts half closed, so that a new network remembers for a few steps. */
  @Override
  public float initialBias(String gate) {
    return gate.equals("f") ? -1f : 0f;
  }

  @Override
  public void forward(CellStep s) {
    Matrix f = s.gate(0);
    Matrix inner = s.kept(INNER);
    Matrix candidate = s.kept(CANDIDATE);
    s.addProduct(0, s.before(), f);
    Elementwise.sigmoid(f, f);
    Elementwise.multiply(f, s.before(), inner);
    s.addProduct(1, inner, s.gate(1));
    Elementwise.tanh(s.gate(1), candidate);
    Elementwise.interpolate(f, candidate, s.before(), s.output());
  }

  @Override
  public void backward(CellStep s) {
    Matrix dInner = s.dKept(INNER);
    candidateBackward(s);
    s.productBackward(1, s.gate(1), dInner);
    gateBackward(s, dInner);
    s.addProductBackward(0, s.gate(0), s.dBefore());
  }

  /** dzc = da ∗ Γf ∗ (1 - c̃²). */
  private static void candidateBackward(CellStep s) {
    Matrix f = s.gate(0);
    Matrix dz = s.gate(1);
    Matrix candidate = s.kept(CANDIDATE);
    Elementwise.tanhBackward(candidate, s.dOutput(), dz);
    Elementwise.multiply(f, dz, dz);
  }

  /**
   * dzf = (da ∗ (c̃ - a⟨t-1⟩) + dinner ∗ a⟨t-1⟩) ∗ Γf ∗ (1-Γf), and da⟨t-1⟩ = da ∗ (1-Γf) + dinner
   * ∗ Γf.
   */
  private static void gateBackward(CellStep s, Matrix dInner) {
    Matrix gates = s.gate(0);
    Matrix candidates = s.kept(CANDIDATE);
    Matrix dOutput = s.dOutput();
    Matrix before = s.before();
    Matrix dBefore = s.dBefore();
    for (int row = 0; row < gates.rows(); row++) {
      int z = gates.row(row);
      int candidate = candidates.row(row);
      int past = before.row(row);
      int from = dOutput.row(row);
      int inner = dInner.row(row);
      int into = dBefore.row(row);
      for (int j = 0; j < gates.columns(); j++) {
        float f = gates.data()[z + j];
        float da = dOutput.data()[from + j];
        float old = before.data()[past + j];
        float d = dInner.data()[inner + j];
        float df = Fma.fma(d, old, da * (candidates.data()[candidate + j] - old));
        gates.data()[z + j] = df * (f * (1f - f));
        dBefore.data()[into + j] = Fma.fma(d, f, da * (1f - f));
      }
    }
  }

  @Override
  public Matrix productInput(int product, CellStep s) {
    return product == 1 ? s.kept(INNER) : s.before();
  }
}
