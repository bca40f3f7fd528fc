package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.LstmStep;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000). Gates
 * lie in the order u, f, c, o.
 *
 * <pre>{@code
 * c̃ = tanh(Wc[a⟨t-1⟩, x⟨t⟩] + bc)     Γ• = σ(W•[a⟨t-1⟩, x⟨t⟩] + b•)  for • = u, f, o
 * c⟨t⟩ = Γf ∗ c⟨t-1⟩ + Γu ∗ c̃         a⟨t⟩ = Γo ∗ tanh(c⟨t⟩)
 * }</pre>
 *
 * With peepholes, {@code pu ∗ c⟨t-1⟩} and {@code pf ∗ c⟨t-1⟩} are added to the pre-activations of
 * the update and forget gates, and {@code po ∗ c⟨t-1⟩} or {@code po ∗ c⟨t⟩} to that of the output
 * gate. With a projection (Sak et al. 2014) {@code a⟨t⟩ = Wp(Γo ∗ tanh(c⟨t⟩))}, narrower than c⟨t⟩;
 * with layer normalisation see {@link Normalization}. The forget gate's bias starts at 1, so that a
 * new network remembers (Jozefowicz et al. 2015).
 *
 * @param peepholes which memory cell the gates see
 */
public record LstmCell(Peepholes peepholes) implements Cell {

  @Override
  public List<String> gateNames() {
    return List.of("u", "f", "c", "o");
  }

  @Override
  public CellBuffers.Kind kind() {
    return CellBuffers.Kind.MEMORY;
  }

  @Override
  public List<Integer> groups() {
    return List.of(4);
  }

  @Override
  public @Nullable Slice layOut(String prefix, int units, Layout layout) {
    return peepholes == Peepholes.NONE ? null : layout.matrix(prefix + "peephole.weight", 3, units);
  }

  @Override
  public float initialBias(String gate) {
    return gate.equals("f") ? 1f : 0f;
  }

  @Override
  public void forward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    w.addToGates(0, b, b.before(to), from, to, workers);
    peepForward(w, b, from, to, false);
    LstmStep.cellForward(b, from, to);
    peepForward(w, b, from, to, true);
    w.normalizeCell(b, from, to);
    LstmStep.outputForward(b, from, to);
    w.project(b, from, to, workers);
  }

  @Override
  public void backward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    w.projectBack(b, from, to, workers);
    LstmStep.outputBackward(b, from, to);
    w.normalizeCellBack(b, from, to);
    peepBackward(w, b, from, to, true);
    LstmStep.cellBackward(b, from, to);
    peepBackward(w, b, from, to, false);
    Matrix dz = b.dGates(to).rows(from, to);
    w.back(0, b, from, dz, b.dBefore(from, to), false, workers);
  }

  @Override
  public void addOwnGradients(
      Slice own, CellBuffers b, int rows, float[] gradients, Workers workers) {
    int units = b.units();
    Matrix gates = b.dGates(rows);
    workers.run(
        units,
        64,
        (from, to) -> {
          for (int row = 0; row < rows; row++) {
            for (int gate = 0; gate < 3; gate++) { // dp• = Σ dz• ∗ the cell that gate peeks at
              int dz = gates.row(row) + place(gate) * units + from;
              int into = own.offset() + gate * units + from;
              Matrix seen = seesAfter(gate) ? b.freshCell(rows) : b.cellBefore(rows);
              int at = seen.row(row) + from;
              Rows.addProducts(gates.data(), dz, seen.data(), at, gradients, into, to - from);
            }
          }
        });
  }

  /** z• += p• ∗ cell, for the gates that look at c⟨t⟩ ({@code after}) or at c⟨t-1⟩. */
  private void peepForward(RecurrentWeights w, CellBuffers b, int from, int to, boolean after) {
    Slice slice = w.own();
    if (slice == null) {
      return;
    }
    int units = b.units();
    Matrix gates = b.gates(to);
    for (int gate = 0; gate < 3; gate++) {
      if (seesAfter(gate) == after) {
        Matrix seen = after ? b.cell(to) : b.cellBefore(to);
        int weight = slice.offset() + gate * units;
        for (int row = from; row < to; row++) {
          int z = gates.row(row) + place(gate) * units;
          Rows.addProducts(w.values(), weight, seen.data(), seen.row(row), gates.data(), z, units);
        }
      }
    }
  }

  /**
   * dc += p• ∗ dz•, for the gates that look at c⟨t⟩ ({@code after}) or at c⟨t-1⟩, whose gradient
   * has taken the place of the other by then.
   */
  private void peepBackward(RecurrentWeights w, CellBuffers b, int from, int to, boolean after) {
    Slice slice = w.own();
    if (slice == null) {
      return;
    }
    int units = b.units();
    Matrix gates = b.dGates(to);
    Matrix dCell = b.dCell();
    for (int gate = 0; gate < 3; gate++) {
      if (seesAfter(gate) == after) {
        int weight = slice.offset() + gate * units;
        for (int row = from; row < to; row++) {
          int dz = gates.row(row) + place(gate) * units;
          Rows.addProducts(
              w.values(), weight, gates.data(), dz, dCell.data(), b.sequence(row), units);
        }
      }
    }
  }

  /** Whether peephole 0 (u), 1 (f) or 2 (o) looks at c⟨t⟩. */
  private boolean seesAfter(int gate) {
    return gate == 2 && peepholes == Peepholes.AFTER;
  }

  /** Where the gate of a peephole lies in a row: u, f, c, o. */
  private static int place(int gate) {
    return gate == 2 ? 3 : gate;
  }
}
