package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a recurrent node, of checked shapes.
 *
 * @param w input weights, [directions][gates·hidden][inputs]
 * @param r recurrent weights, [directions][gates·hidden][hidden]
 * @param b biases of both, [directions][2·gates·hidden], or null for zeros
 * @param p peepholes of the gates i, o, f, [directions][3·hidden], or null
 */
record RecurrentParameters(
    RecurrentForm form, Tensor w, Tensor r, @Nullable Tensor b, @Nullable Tensor p) {

  /**
   * Checks parameters.
   *
   * @param inputs all inputs of the node, of which only parameters are looked at
   * @throws IllegalArgumentException if one is missing, has another shape or another type
   */
  static RecurrentParameters of(RecurrentForm form, List<@Nullable Tensor> inputs) {
    Tensor w = Shapes.present("W", Shapes.at(inputs, 1));
    Tensor r = Shapes.present("R", Shapes.at(inputs, 2));
    Tensor b = Shapes.at(inputs, 3);
    Tensor p = form.kind() == RecurrentKind.LSTM ? Shapes.at(inputs, 7) : null;
    String gates = form.kind().width();
    Shapes.checkRank("W", w, 3, "directions×" + gates + "×inputs");
    Shapes.checkRank("R", r, 3, "directions×" + gates + "×hidden");
    int directions = form.directions();
    int hidden = form.hidden() > 0 ? form.hidden() : r.shape().axis(2);
    Shapes.checkNotEmpty("R", r);
    Shapes.checkNotEmpty("W", w);
    int width = Shapes.times(form.kind().gates(), hidden);
    Shapes.check("W", w, "directions×" + gates + "×inputs", directions, width, w.shape().axis(2));
    Shapes.check("R", r, "directions×" + gates + "×hidden", directions, width, hidden);
    ElementType type = w.type();
    if (!type.isFloating()) {
      throw new IllegalArgumentException("W is of " + type.label() + ", must be of float");
    }
    Shapes.checkType("R", r, type);
    var parameters = new RecurrentParameters(form, w, r, b, p);
    parameters.sizes().checkBiases(b);
    parameters.sizes().checkPeepholes(p);
    return parameters;
  }

  /** The type of all numbers. */
  ElementType type() {
    return w.type();
  }

  /** The number of units. */
  int hidden() {
    return r.shape().axis(2);
  }

  /** The number of inputs of a step. */
  int inputs() {
    return w.shape().axis(2);
  }

  /** What the inputs of a run must fit. */
  RecurrentSizes sizes() {
    return new RecurrentSizes(form, type(), inputs(), hidden());
  }

  /** The number of all gates' values. */
  int width() {
    return w.shape().axis(1);
  }
}
