package dev.unroll.nn;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Products;
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
  private final Matrix bias;
  private final Matrix gates;
  private final Matrix output;

  LayerStream(RecurrentLayer layer, RecurrentWeights weights, Matrix bias, CellBuffers buffers) {
    this.layer = layer;
    this.weights = weights;
    this.bias = bias;
    this.buffers = buffers;
    buffers.reserve(1);
    gates = Matrix.of(buffers.gates(), 1, bias.columns());
    output = Matrix.of(buffers.output(), 1, layer.units());
  }

  /** Goes on from {@code state}, a state of one sequence, which is copied. */
  public void restore(LayerState state) {
    System.arraycopy(state.a(), 0, buffers.output(), 0, layer.units());
    if (buffers.kind() == CellBuffers.Kind.MEMORY) {
      System.arraycopy(state.c(), 0, buffers.cell(), 0, layer.units());
    }
  }

  /** Returns a copy of the state after the last step. */
  public LayerState state() {
    boolean memory = buffers.kind() == CellBuffers.Kind.MEMORY;
    return new LayerState(buffers.output().clone(), memory ? buffers.cell().clone() : new float[0]);
  }

  /**
   * Reads one step.
   *
   * @param x the step's input, [1][inputs]
   */
  public void step(Matrix x) {
    System.arraycopy(buffers.output(), 0, buffers.before(), 0, layer.units());
    if (buffers.kind() == CellBuffers.Kind.MEMORY) {
      System.arraycopy(buffers.cell(), 0, buffers.cellBefore(), 0, layer.units());
    }
    Products.multiplyOnto(bias, x, weights.inputForward(), gates, Workers.single());
    layer.cell().forward(weights, buffers, 0, 1, Workers.single());
  }

  /** Returns a⟨t⟩ of the last step, [1][units]: the same view for each step. */
  public Matrix output() {
    return output;
  }
}
