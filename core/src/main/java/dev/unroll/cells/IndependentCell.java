package dev.unroll.cells;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.Elementwise;
import java.util.List;

/**
 * The independently recurrent cell (IndRNN, Li et al. 2018): a unit sees its own past only, so that
 * its gradient grows or shrinks by one factor per step.
 *
 * <pre>{@code
 * a⟨t⟩ = relu(Wax x⟨t⟩ + u ∗ a⟨t-1⟩ + ba)
 * }</pre>
 *
 * <p>Of the cell's own: u, [H], which starts uniform in [0, 1), so that units remember for
 * different numbers of steps.
 */
public record IndependentCell() implements Cell {

  private static final String DIAGONAL = "diagonal";

  @Override
  public String label() {
    return "ind-rnn";
  }

  @Override
  public String summary() {
    return "independent units, with ReLU";
  }

  @Override
  public List<String> gates() {
    return List.of("a");
  }

  @Override
  public List<Integer> products() {
    return List.of();
  }

  @Override
  public List<Own> own() {
    return List.of(Own.vector(DIAGONAL, Own.First.uniform(0, 1), Own.Rounding.NEVER));
  }

  @Override
  public void forward(CellStep s) {
    Elementwise.addProduct(s.own(DIAGONAL), s.before(), s.z()); // z += u ∗ a⟨t-1⟩
    Elementwise.relu(s.z(), s.output());
  }

  @Override
  public void backward(CellStep s) {
    Elementwise.reluBackward(s.z(), s.dOutput());
    Elementwise.multiply(s.own(DIAGONAL), s.z(), s.dBefore()); // da⟨t-1⟩ = u ∗ dz
  }

  /** du = Σ dz ∗ a⟨t-1⟩. */
  @Override
  public void addOwnGradients(CellStep all) {
    all.addOwnGradient(DIAGONAL, 0, all.z(), all.before());
  }
}
