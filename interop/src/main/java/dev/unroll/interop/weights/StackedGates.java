package dev.unroll.interop.weights;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The weights of all gates as frameworks keep them, one gate's rows after another's.
 *
 * @param order the gates as they follow one another
 * @param input [G·H][I]
 * @param recurrent [G·H][P]
 * @param inputBias [G·H]; null for none
 * @param recurrentBias [G·H]; null for none
 */
public record StackedGates(
    List<Gate> order,
    Tensor input,
    Tensor recurrent,
    @Nullable Tensor inputBias,
    @Nullable Tensor recurrentBias) {

  /** Creates weights with a copy of the order. */
  public StackedGates {
    order = List.copyOf(order);
  }

  /**
   * The weights of each gate.
   *
   * @throws InputException if a tensor's rows are not as many for each gate
   */
  public Map<Gate, GateWeights> split() {
    var gates = new EnumMap<Gate, GateWeights>(Gate.class);
    for (int i = 0; i < order.size(); i++) {
      gates.put(
          order.get(i),
          new GateWeights(
              part("input weights", input, i),
              part("recurrent weights", recurrent, i),
              inputBias == null ? null : part("the bias", inputBias, i),
              recurrentBias == null ? null : part("the recurrent bias", recurrentBias, i),
              null));
    }
    return gates;
  }

  private Tensor part(String what, Tensor tensor, int index) {
    int rows = tensor.shape().rank() == 0 ? 0 : tensor.shape().axis(0);
    if (rows == 0 || rows % order.size() != 0) {
      throw new InputException(
          what + " of shape " + tensor.shape() + " are not those of " + order.size() + " gates",
          "Take them from a layer with the gates " + order + ".");
    }
    int units = rows / order.size();
    return Matrices.rows(tensor, index * units, units);
  }

  /** Stacks the gates of a cell in an order; a bias that no gate has stays null. */
  public static StackedGates of(PortableCell cell, List<Gate> order) {
    return new StackedGates(
        order,
        stack(cell, order, GateWeights::input),
        stack(cell, order, GateWeights::recurrent),
        stackIfAny(cell, order, GateWeights::inputBias),
        stackIfAny(cell, order, GateWeights::recurrentBias));
  }

  private static Tensor stack(
      PortableCell cell, List<Gate> order, Function<GateWeights, Tensor> part) {
    return Matrices.stack(order.stream().map(gate -> part.apply(cell.gate(gate))).toList());
  }

  private static @Nullable Tensor stackIfAny(
      PortableCell cell, List<Gate> order, Function<GateWeights, @Nullable Tensor> part) {
    var parts = new ArrayList<Tensor>();
    boolean any = false;
    for (Gate gate : order) {
      Tensor tensor = part.apply(cell.gate(gate));
      any |= tensor != null;
      parts.add(tensor == null ? Tensor.of(new float[cell.units()], cell.units()) : tensor);
    }
    return any ? Matrices.stack(parts) : null;
  }
}
