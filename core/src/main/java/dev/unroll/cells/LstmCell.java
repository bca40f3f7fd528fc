package dev.unroll.cells;

import dev.unroll.base.Matrix;
import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.Elementwise;
import dev.unroll.kernel.LstmStep;
import java.util.List;

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
 * with layer normalization see layer normalization in {@code docs/mathematics.md}. The forget
 * gate's bias starts at 1, so that a new network remembers (Jozefowicz et al. 2015).
 *
 * @param peepholes which memory cell the gates see
 */
public record LstmCell(Peepholes peepholes) implements Cell {

  private static final String SQUASHED = "squashed";
  private static final String PEEPHOLES = "peephole.weight";

  @Override
  public String label() {
    return switch (peepholes) {
      case NONE -> "lstm";
      case BEFORE -> "lstm-peephole-before";
      case AFTER -> "lstm-peephole";
    };
  }

  @Override
  public String summary() {
    return switch (peepholes) {
      case NONE -> "long short-term memory";
      case BEFORE -> "with peepholes to the memory before";
      case AFTER -> "with peepholes, the output gate's to the new memory";
    };
  }

  @Override
  public String family() {
    return "lstm";
  }

  @Override
  public List<String> gates() {
    return List.of("u", "f", "c", "o");
  }

  @Override
  public State state() {
    return State.OUTPUT_AND_MEMORY;
  }

  /** tanh(c⟨t⟩). */
  @Override
  public List<String> kept() {
    return List.of(SQUASHED);
  }

  @Override
  public List<Own> own() {
    return peepholes == Peepholes.NONE
        ? List.of()
        : List.of(new Own(PEEPHOLES, 3, Own.First.ZERO, Own.Rounding.NEVER));
  }

  @Override
  public float initialBias(String gate) {
    return gate.equals("f") ? 1f : 0f;
  }

  @Override
  public void forward(CellStep s) {
    s.addProduct(0, s.before(), s.z());
    peepForward(s, false);
    LstmStep.memoryForward(s.z(), s.memoryBefore(), s.memory());
    peepForward(s, true);
    Matrix squashed = s.kept(SQUASHED);
    LstmStep.outputForward(s.z(), s.normalizedMemory(squashed), squashed, s.output());
  }

  @Override
  public void backward(CellStep s) {
    LstmStep.outputBackward(s.z(), s.dOutput(), s.kept(SQUASHED), s.dNormalizedMemory());
    s.normalizeMemoryBackward();
    peepBackward(s, true);
    LstmStep.memoryBackward(s.z(), s.memoryBefore(), s.dMemory());
    peepBackward(s, false);
    s.productBackward(0, s.z(), s.dBefore());
  }

  /** dp• = Σ dz• ∗ the cell that gate peeks at. */
  @Override
  public void addOwnGradients(CellStep all) {
    for (int peephole = 0; !own().isEmpty() && peephole < 3; peephole++) {
      Matrix seen = seesAfter(peephole) ? all.freshMemory() : all.memoryBefore();
      all.addOwnGradient(PEEPHOLES, peephole, all.gate(gate(peephole)), seen);
    }
  }

  /** z• += p• ∗ cell, for the gates that look at c⟨t⟩ ({@code after}) or at c⟨t-1⟩. */
  private void peepForward(CellStep s, boolean after) {
    for (int peephole = 0; peepholes != Peepholes.NONE && peephole < 3; peephole++) {
      if (seesAfter(peephole) == after) {
        Matrix seen = after ? s.memory() : s.memoryBefore();
        addProducts(s, peephole, seen, s.gate(gate(peephole)));
      }
    }
  }

  /**
   * dc += p• ∗ dz•, for the gates that look at c⟨t⟩ ({@code after}) or at c⟨t-1⟩, whose gradient
   * has taken the place of the other by then.
   */
  private void peepBackward(CellStep s, boolean after) {
    for (int peephole = 0; peepholes != Peepholes.NONE && peephole < 3; peephole++) {
      if (seesAfter(peephole) == after) {
        addProducts(s, peephole, s.gate(gate(peephole)), s.dMemory());
      }
    }
  }

  /** y += p• ∗ x, row by row. */
  private static void addProducts(CellStep s, int peephole, Matrix x, Matrix y) {
    Elementwise.addProduct(s.own(PEEPHOLES).rows(peephole, peephole + 1), x, y);
  }

  /** Whether peephole 0 (u), 1 (f) or 2 (o) looks at c⟨t⟩. */
  private boolean seesAfter(int peephole) {
    return peephole == 2 && peepholes == Peepholes.AFTER;
  }

  /** Where the gate of a peephole lies in a row: u, f, c, o. */
  private static int gate(int peephole) {
    return peephole == 2 ? 3 : peephole;
  }
}
