package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Workers;

/**
 * One sequence on its way through a recurrent layer, a step at a time. The state lives in here and
 * is changed in place; a step allocates nothing that grows with the layer, and computes the same
 * bits as {@link RecurrentLayer#forward} does for all steps at once. For one thread.
 */
public final class LayerStream {

  private final RecurrentLayer layer;
  private final RecurrentWeights weights;
  private final CellBuffers buffers;
  private final Matrix output;
  private final boolean memory;

  LayerStream(RecurrentLayer layer, RecurrentWeights weights, CellBuffers buffers) {
    this.layer = layer;
    this.weights = weights;
    this.buffers = buffers;
    memory = buffers.kind() == CellBuffers.Kind.MEMORY;
    buffers.reserve(1);
    output = buffers.output(1);
  }

  /** Goes on from {@code state}, a state of one sequence, which is copied. */
  public void restore(LayerState state) {
    Matrix.of(state.a(), 1, layer.outputs()).copyRow(0, output, 0);
    if (memory) {
      Matrix.of(state.c(), 1, layer.units()).copyRow(0, buffers.cell(1), 0);
    }
  }

  /** Returns a copy of the state after the last step. */
  public LayerState state() {
    return new LayerState(
        output.copyOfElements(), memory ? buffers.cell(1).copyOfElements() : new float[0]);
  }

  /**
   * Reads one step.
   *
   * @param x the step's input, [1][inputs]
   */
  public void step(Matrix x) {
    buffers.keepStates();
    layer.inputShare(weights, x, buffers, 0, 1, Workers.single());
    layer.cell().forward(weights, buffers, 0, 1, Workers.single());
    layer.zoneOut(buffers);
  }

  /** Returns a⟨t⟩ of the last step, [1][outputs]: the same view for each step. */
  public Matrix output() {
    return output;
  }
}
