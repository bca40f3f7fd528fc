package dev.unroll.interop.weights;

import dev.unroll.base.InputException;
import dev.unroll.cell.Cell;
import dev.unroll.cells.BasicCell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.tensor.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a cell among our parameters: {@code input.weight}, {@code recurrent.weight} and
 * {@code bias} of all gates in the order of {@link CellForm#gates}, and the cell's own.
 *
 * <p>Two biases that are added anyway become one. Where the reset gate acts after the product, the
 * recurrent bias of the candidate is no such: it stays by itself.
 */
final class EngineCell {

  private static final List<Gate> PEEPING = List.of(Gate.INPUT, Gate.FORGET, Gate.OUTPUT);
  private static final String INPUT = "input.weight";
  private static final String RECURRENT = "recurrent.weight";
  private static final String BIAS = "bias";
  private static final String CANDIDATE_BIAS = "recurrent.bias";
  private static final String PEEPHOLES = "peephole.weight";
  private static final String PROJECTION = "projection.weight";

  private EngineCell() {}

  /** Our cell of a form; the update gate takes the new in each of ours. */
  static Cell of(CellForm form) {
    return switch (form) {
      case CellForm.Basic basic -> new BasicCell(basic.activation());
      case CellForm.Gru gru -> new FullGruCell(gru.resetAfter());
      case CellForm.Lstm lstm -> new LstmCell(lstm.peepholes());
    };
  }

  /**
   * The form of one of our cells.
   *
   * @throws InputException if other frameworks have no such cell
   */
  static CellForm form(Cell cell) {
    return switch (cell) {
      case BasicCell basic -> new CellForm.Basic(basic.activation());
      case FullGruCell gru -> new CellForm.Gru(gru.resetAfter(), false);
      case LstmCell lstm -> new CellForm.Lstm(lstm.peepholes());
      default ->
          throw new InputException(
              "no other framework has the cell " + cell.label(),
              "Use a model with an LSTM, a GRU with a reset gate, or a basic cell.");
    };
  }

  /** Writes a cell under names that begin with {@code prefix}. */
  static void write(PortableCell cell, EngineParameters target, String prefix) {
    PortableCell ours = cell.withUpdateKeeps(false);
    List<Gate> order = ours.form().gates();
    StackedGates stacked = StackedGates.of(ours, order);
    target.write(prefix + INPUT, stacked.input());
    target.write(prefix + RECURRENT, stacked.recurrent());
    target.write(
        prefix + BIAS, order.stream().map(gate -> bias(ours, gate)).toArray(Tensor[]::new));
    if (resetsAfter(ours.form())) {
      Tensor bias = ours.gate(Gate.CANDIDATE).recurrentBias();
      target.write(prefix + CANDIDATE_BIAS, bias == null ? Matrices.zeros(ours.units()) : bias);
    }
    if (peeps(ours.form())) {
      target.write(
          prefix + PEEPHOLES,
          PEEPING.stream()
              .map(gate -> Objects.requireNonNull(ours.gate(gate).peephole()))
              .toArray(Tensor[]::new));
    }
    if (ours.projection() != null) {
      target.write(prefix + PROJECTION, ours.projection());
    }
  }

  private static Tensor bias(PortableCell cell, Gate gate) {
    GateWeights weights = cell.gate(gate);
    boolean apart = gate == Gate.CANDIDATE && resetsAfter(cell.form());
    return sum(weights.inputBias(), apart ? null : weights.recurrentBias(), cell.units());
  }

  private static Tensor sum(@Nullable Tensor one, @Nullable Tensor other, int units) {
    if (one == null || other == null) {
      Tensor only = one == null ? other : one;
      return only == null ? Matrices.zeros(units) : only;
    }
    return Matrices.sum(one, other);
  }

  private static boolean resetsAfter(CellForm form) {
    return form instanceof CellForm.Gru gru && gru.resetAfter();
  }

  private static boolean peeps(CellForm form) {
    return form instanceof CellForm.Lstm lstm && lstm.peepholes() != Peepholes.NONE;
  }

  /** Reads the cell under names that begin with {@code prefix}. */
  static PortableCell read(CellForm form, EngineParameters source, String prefix) {
    Tensor input = source.read(prefix + INPUT);
    Tensor recurrent = source.read(prefix + RECURRENT);
    Tensor bias = source.read(prefix + BIAS);
    Map<Gate, GateWeights> gates =
        new EnumMap<>(new StackedGates(form.gates(), input, recurrent, bias, null).split());
    if (resetsAfter(form)) {
      Tensor own = source.read(prefix + CANDIDATE_BIAS);
      GateWeights each = Objects.requireNonNull(gates.get(Gate.CANDIDATE));
      gates.put(
          Gate.CANDIDATE,
          new GateWeights(each.input(), each.recurrent(), each.inputBias(), own, null));
    }
    if (peeps(form)) {
      Tensor peepholes = source.read(prefix + PEEPHOLES);
      for (int i = 0; i < PEEPING.size(); i++) {
        Tensor row = Matrices.vector(Matrices.rows(peepholes, i, 1));
        gates.computeIfPresent(PEEPING.get(i), (gate, weights) -> weights.withPeephole(row));
      }
    }
    return new PortableCell(form, gates, source.readIfAny(prefix + PROJECTION));
  }
}
