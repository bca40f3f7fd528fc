package dev.unroll.interop.keras;

import dev.unroll.cells.Activation;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.CellForm;
import dev.unroll.interop.weights.Gate;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.PortableCell;
import dev.unroll.interop.weights.StackedGates;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent cell of Keras, which keeps the transposed matrices of its gates side by side. u is
 * the number of units, I that of inputs, G that of gates.
 *
 * <pre>{@code
 * kernel [I][G·u]    recurrent_kernel [u][G·u]    bias [G·u], of a GRU that resets after [2][G·u]
 * LSTM  i, f, c, o   GRU  z, r, h   with h⟨t⟩ = z ∗ h⟨t-1⟩ + (1-z) ∗ h̃    SimpleRNN  one
 * }</pre>
 */
final class KerasCell {

  private static final String SHAPE_FIX = "Save the model again: configuration and weights differ.";

  private final KerasLayer layer;
  private final String kind;

  /**
   * Describes a cell.
   *
   * @param layer a recurrent layer or its cell, whose options are the cell's
   */
  KerasCell(KerasLayer layer) {
    this.layer = layer;
    String cell = layer.kind();
    kind = cell.endsWith("Cell") ? cell.substring(0, cell.length() - "Cell".length()) : cell;
  }

  /** Whether a class of Keras is such a cell, or a layer with one. */
  static boolean isKnown(String kind) {
    return List.of("LSTM", "GRU", "SimpleRNN", "LSTMCell", "GRUCell", "SimpleRNNCell")
        .contains(kind);
  }

  /** How many weights there must be. */
  int count() {
    return layer.flag("use_bias", true) ? 3 : 2;
  }

  /**
   * The cell with its weights.
   *
   * @param weights kernel, recurrent kernel and bias, if there is one
   * @throws dev.unroll.base.InputException if it computes something that our cells do not, or the
   *     shapes are not those of its options
   */
  PortableCell read(List<Tensor> weights) {
    Tensor bias = weights.size() > 2 ? weights.get(2) : null;
    return switch (kind) {
      case "LSTM" -> {
        requireUsualGates();
        var order = List.of(Gate.INPUT, Gate.FORGET, Gate.CELL, Gate.OUTPUT);
        yield cell(new CellForm.Lstm(Peepholes.NONE), order, weights, bias, null);
      }
      case "GRU" -> gru(weights, bias);
      default -> {
        String activation = layer.activation("activation", "tanh", List.of("tanh", "relu"));
        var g = activation.equals("relu") ? Activation.RELU : Activation.TANH;
        yield cell(new CellForm.Basic(g), List.of(Gate.HIDDEN), weights, bias, null);
      }
    };
  }

  private void requireUsualGates() {
    layer.activation("activation", "tanh", List.of("tanh"));
    layer.activation("recurrent_activation", "sigmoid", List.of("sigmoid"));
  }

  private PortableCell gru(List<Tensor> weights, @Nullable Tensor bias) {
    requireUsualGates();
    boolean resetAfter = layer.flag("reset_after", bias == null || bias.shape().rank() == 2);
    var form = new CellForm.Gru(resetAfter, true);
    var order = List.of(Gate.UPDATE, Gate.RESET, Gate.CANDIDATE);
    if (bias == null || !resetAfter) {
      return cell(form, order, weights, bias, null);
    }
    int width = layer.config().integer("units", 1) * order.size();
    require("bias", bias, 2, width);
    Shape each = Shape.of(width);
    return cell(
        form,
        order,
        weights,
        Matrices.rows(bias, 0, 1).reshaped(each),
        Matrices.rows(bias, 1, 1).reshaped(each));
  }

  private PortableCell cell(
      CellForm form,
      List<Gate> order,
      List<Tensor> weights,
      @Nullable Tensor bias,
      @Nullable Tensor recurrentBias) {
    Tensor kernel = weights.get(0);
    Tensor recurrent = weights.get(1);
    int units = layer.config().integer("units", 1);
    long width = (long) units * order.size();
    if (width > Shape.MOST_ELEMENTS) {
      throw layer.refusal("has " + units + " units", SHAPE_FIX);
    }
    int inputs = kernel.shape().rank() == 2 ? kernel.shape().axis(0) : 1;
    require("kernel", kernel, inputs, (int) width);
    require("recurrent kernel", recurrent, units, (int) width);
    if (bias != null) {
      require("bias", bias, (int) width);
    }
    var stacked =
        new StackedGates(
            order,
            Matrices.transposed(kernel),
            Matrices.transposed(recurrent),
            bias,
            recurrentBias);
    return new PortableCell(form, stacked.split(), null);
  }

  private void require(String what, Tensor tensor, int... axes) {
    if (!tensor.shape().axes().equals(Arrays.stream(axes).boxed().toList())) {
      throw layer.refusal(
          "has a " + what + " of shape " + tensor.shape() + " instead of " + Shape.of(axes),
          SHAPE_FIX);
    }
  }
}
