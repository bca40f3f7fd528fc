package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;

/**
 * One sequence on its way through a recurrent layer, a step at a time. The state lives in here and
 * is changed in place; a step allocates nothing that grows with the layer, and computes the same
 * bits as {@link RecurrentLayer#forward} does for all steps at once. For one thread.
 */
public final class LayerStream {

  private final RecurrentLayer layer;
  private final RecurrentWeights weights;
  private final TapeRows rows;
  private final LayerStep step;
  private final Matrix output;

  /**
   * Begins with the zero state.
   *
   * @param weights packed for {@link RecurrentLayer#forward}; not to be packed again while the
   *     stream is used
   */
  public LayerStream(RecurrentLayer layer, RecurrentWeights weights) {
    this.layer = layer;
    this.weights = weights;
    rows = new TapeRows(layer.form());
    rows.reserve(1);
    output = rows.output(0, 1);
    step = layer.newStep(weights, rows, Workers.single()).moveTo(0, 1);
  }

  /** Resumes from {@code state}, a state of one sequence, which is copied. */
  public void restore(LayerState state) {
    Matrix.of(state.a(), 1, layer.outputs()).copyRow(0, output, 0);
    if (rows.hasMemory()) {
      Matrix.of(state.c(), 1, layer.units()).copyRow(0, rows.memory(0, 1), 0);
    }
  }

  /** Returns a copy of the state after the last step. */
  public LayerState state() {
    return new LayerState(
        output.copyOfElements(),
        rows.hasMemory() ? rows.memory(0, 1).copyOfElements() : new float[0]);
  }

  /**
   * Reads one step.
   *
   * @param x the step's input, [1][inputs]
   */
  public void step(Matrix x) {
    rows.keepStates();
    layer.inputForward(weights, x, rows, 0, 1, Workers.single());
    layer.stepForward(step, rows);
  }

  /** Returns a⟨t⟩ of the last step, [1][outputs]: the same view for each step. */
  public Matrix output() {
    return output;
  }
}
