package dev.unroll.interop.weights;

import dev.unroll.base.InputException;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a recurrent layer: a cell with its weights.
 *
 * @param form its equations
 * @param gates the weights of each gate that the form has
 * @param projection of an LSTM's output, [P][H]; null for none
 */
public record PortableCell(
    CellForm form, Map<Gate, GateWeights> gates, @Nullable Tensor projection) {

  /**
   * Creates a cell, whose shapes must fit.
   *
   * @throws InputException if they do not, or a gate is missing
   */
  public PortableCell {
    if (!gates.keySet().equals(Set.copyOf(form.gates()))) {
      throw new InputException(
          "a " + form.label() + " with the gates " + gates.keySet() + ", not " + form.gates(),
          "Give the weights of each gate, and of no other.");
    }
    gates = Collections.unmodifiableMap(new EnumMap<>(gates));
    if (projection != null && !(form instanceof CellForm.Lstm)) {
      throw new InputException(
          "a projection of a " + form.label(), "Only an LSTM's output is projected.");
    }
    check(form, gates, projection);
  }

  private static void check(
      CellForm form, Map<Gate, GateWeights> gates, @Nullable Tensor projection) {
    Shape first = gates.values().iterator().next().input().shape();
    requireMatrix("input weights", first);
    int units = first.axis(0);
    if (projection != null) {
      requireMatrix("projection", projection.shape());
      require("projection", projection, projection.shape().axis(0), units);
    }
    int outputs = projection == null ? units : projection.shape().axis(0);
    boolean peeps = form instanceof CellForm.Lstm lstm && lstm.peepholes() != Peepholes.NONE;
    gates.forEach(
        (gate, weights) -> {
          require(gate + " input weights", weights.input(), units, first.axis(1));
          require(gate + " recurrent weights", weights.recurrent(), units, outputs);
          require(gate + " bias", weights.inputBias(), units);
          require(gate + " recurrent bias", weights.recurrentBias(), units);
          require(gate + " peephole", weights.peephole(), units);
          if ((weights.peephole() != null) != (peeps && gate != Gate.CELL)) {
            throw new InputException(
                "a " + form.label() + " whose gate " + gate + " has or lacks a peephole",
                "Give peepholes of the input, forget and output gates, or of none.");
          }
        });
  }

  private static void requireMatrix(String what, Shape shape) {
    if (shape.rank() != 2 || shape.size() == 0) {
      throw new InputException(what + " of shape " + shape, "Give a matrix that is not empty.");
    }
  }

  private static void require(String what, @Nullable Tensor tensor, int... axes) {
    if (tensor != null && !tensor.shape().equals(Shape.of(axes))) {
      throw new InputException(
          what + " of shape " + tensor.shape() + " instead of " + Shape.of(axes),
          "Take all tensors from one layer of one model.");
    }
  }

  /** The weights of a gate that the form has. */
  public GateWeights gate(Gate gate) {
    return Objects.requireNonNull(gates.get(gate));
  }

  /**
   * The same function with the other meaning of a GRU's update gate, whose weights change their
   * signs: σ(-v) = 1 - σ(v). Other cells stay as they are.
   */
  public PortableCell withUpdateKeeps(boolean keeps) {
    if (!(form instanceof CellForm.Gru gru) || gru.updateKeeps() == keeps) {
      return this;
    }
    var changed = new EnumMap<>(gates);
    changed.put(Gate.UPDATE, gate(Gate.UPDATE).negated());
    return new PortableCell(new CellForm.Gru(gru.resetAfter(), keeps), changed, null);
  }

  private Shape inputShape() {
    return gate(form.gates().getFirst()).input().shape();
  }

  /** I, the number of inputs. */
  public int inputs() {
    return inputShape().axis(1);
  }

  /** H, the number of units. */
  public int units() {
    return inputShape().axis(0);
  }

  /** The number of outputs: P with a projection, else H. */
  public int outputs() {
    return projection == null ? units() : projection.shape().axis(0);
  }

  /** Whether another cell has the same equations and sizes. */
  boolean isAlike(PortableCell other) {
    return form.equals(other.form)
        && List.of(inputs(), units(), outputs())
            .equals(List.of(other.inputs(), other.units(), other.outputs()));
  }
}
