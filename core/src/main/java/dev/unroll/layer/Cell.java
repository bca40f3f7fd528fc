package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The step of a recurrent layer, apart from its loop over time. The layer puts the input's share
 * {@code Wx x⟨t⟩ + b} into the gates for all steps at once and the state before into its rows; a
 * cell then adds the recurrent share and computes the gates and the new state, and on the way back
 * the gradients of both.
 *
 * <p>The recurrent weights come in groups of whole gates, each group one product a step: one for
 * most cells, two where a reset gate must be known before the candidate is computed.
 */
public sealed interface Cell
    permits BasicCell, SimplifiedGruCell, FullGruCell, LstmCell, MinimalGruCell, MinimalLstmCell {

  /** Returns the names of the gates in the order in which they lie in a row, such as u, f, c, o. */
  List<String> gateNames();

  /** Returns which buffers the cell needs. */
  CellBuffers.Kind kind();

  /** Returns the number of gates in each group of recurrent weights; none where there are none. */
  List<Integer> groups();

  /**
   * Lays out the cell's own parameters beyond weights and bias (peepholes, a second bias), if any.
   */
  default @Nullable Slice layOut(String prefix, int units, Layout layout) {
    return null;
  }

  /** Returns the value that the bias of a gate starts from. */
  default float initialBias(String gate) {
    return 0f;
  }

  /**
   * Computes the gates and the new state of the rows from {@code from} up to {@code to}; {@code
   * workers} share out the columns of the recurrent product.
   */
  void forward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers);

  /**
   * Computes, from the gradients of the output (and of the memory cell), those of the
   * pre-activations and of the state before, of the rows from {@code from} up to {@code to}; {@code
   * workers} share out the columns of the recurrent product.
   */
  void backward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers);

  /**
   * Returns what group {@code group} of the recurrent weights was multiplied with: [R][outputs].
   */
  default Matrix recurrentInput(CellBuffers b, int rows, int group) {
    return b.before(rows);
  }

  /**
   * Returns the gradient of what group {@code group} of the recurrent weights gave: [R][gates·H].
   */
  default Matrix recurrentGradient(CellBuffers b, int rows, int group) {
    int first = groups().stream().limit(group).mapToInt(Integer::intValue).sum() * b.units();
    return b.dGates(rows).columns(first, first + groups().get(group) * b.units());
  }

  /** Adds the gradients of the parameters that {@link #layOut} gave, on all {@code rows} rows. */
  default void addOwnGradients(
      Slice own, CellBuffers b, int rows, float[] gradients, Workers workers) {}
}
