package dev.unroll.interop.torch;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.cells.Activation;
import dev.unroll.cells.BasicCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.torch.TorchModule.Way;
import dev.unroll.interop.weights.CellForm;
import dev.unroll.interop.weights.Gate;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.NetworkHint;
import dev.unroll.interop.weights.PortableCell;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.StackedGates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The layers of a {@code torch.nn} module: gates i, f, g, o of an LSTM and r, z, n of a GRU. */
final class TorchLayers {

  /** The gates of an LSTM in the order of PyTorch. */
  static final List<Gate> LSTM = List.of(Gate.INPUT, Gate.FORGET, Gate.CELL, Gate.OUTPUT);

  /** The gates of a GRU in the order of PyTorch. */
  static final List<Gate> GRU = List.of(Gate.RESET, Gate.UPDATE, Gate.CANDIDATE);

  private TorchLayers() {}

  /** The gates of a cell in the order of PyTorch. */
  static List<Gate> order(CellForm form) {
    return switch (form) {
      case CellForm.Basic basic -> List.of(Gate.HIDDEN);
      case CellForm.Gru gru -> GRU;
      case CellForm.Lstm lstm -> LSTM;
    };
  }

  /** The weights of a cell by their names without prefix and suffix; biases are never missing. */
  static Map<String, Tensor> weights(PortableCell cell) {
    StackedGates stacked = StackedGates.of(cell, order(cell.form()));
    int rows = stacked.input().shape().axis(0);
    Tensor first = stacked.inputBias();
    Tensor second = stacked.recurrentBias();
    var weights = new LinkedHashMap<String, Tensor>();
    weights.put("weight_ih", stacked.input());
    weights.put("weight_hh", stacked.recurrent());
    weights.put("bias_ih", first == null ? Matrices.zeros(rows) : first);
    weights.put("bias_hh", second == null ? Matrices.zeros(rows) : second);
    if (cell.projection() != null) {
      weights.put("weight_hr", cell.projection());
    }
    if (cell.form() instanceof CellForm.Lstm lstm && lstm.peepholes() != Peepholes.NONE) {
      var peepholes =
          Stream.of(Gate.INPUT, Gate.FORGET, Gate.OUTPUT)
              .map(gate -> Objects.requireNonNull(cell.gate(gate).peephole()))
              .toList();
      weights.put("peephole", Matrices.stack(peepholes));
    }
    return weights;
  }

  /**
   * The layers of a module, the first next to its input.
   *
   * @param hints of these layers and those after them; empty for none
   */
  static List<PortableLayer> of(TorchModule module, List<NetworkHint.Layer> hints) {
    var layers = new ArrayList<PortableLayer>();
    boolean bothWays = module.ways().keySet().stream().anyMatch(Way::reverse);
    int last = module.ways().keySet().stream().mapToInt(Way::layer).max().orElseThrow();
    for (int i = 0; i <= last; i++) { // each must be there, so that no weight is left out
      NetworkHint.@Nullable Layer hint = i < hints.size() ? hints.get(i) : null;
      PortableCell forward = cell(module, new Way(i, false), hint);
      PortableCell backward = bothWays ? cell(module, new Way(i, true), hint) : null;
      boolean summed = bothWays && hint != null && hint.direction() == Direction.SUM;
      var layer = new PortableLayer(forward, backward, summed);
      check(module, layer, i, hint);
      layers.add(layer);
    }
    return layers;
  }

  private static void check(
      TorchModule module, PortableLayer layer, int index, NetworkHint.@Nullable Layer hint) {
    if (hint == null) {
      return;
    }
    boolean both = hint.direction() != Direction.FORWARD;
    int units = layer.cell().units();
    if (both != layer.readsBothWays() || (hint.units() > 0 && hint.units() != units)) {
      throw new InputException(
          "layer "
              + index
              + " of «"
              + module.prefix()
              + "» has "
              + units
              + " units and is "
              + (layer.readsBothWays() ? "bidirectional" : "forward")
              + ", which is not what its description says",
          "Describe the layers as they are, the first next to the input.");
    }
  }

  private static PortableCell cell(TorchModule module, Way way, NetworkHint.@Nullable Layer hint) {
    Map<String, Tensor> weights = module.ways().getOrDefault(way, Map.of());
    Tensor input = weight(module, way, weights, "weight_ih");
    Tensor recurrent = weight(module, way, weights, "weight_hh");
    Tensor projection = weights.get("weight_hr");
    if (input.shape().rank() != 2 || recurrent.shape().rank() != 2 || recurrent.size() == 0) {
      throw wrong(module, way, "weight_ih and weight_hh are not matrices");
    }
    int units =
        projection == null || projection.shape().rank() != 2
            ? recurrent.shape().axis(1)
            : projection.shape().axis(1);
    CellForm form = form(module, way, input.shape().axis(0), units);
    try {
      var stacked =
          new StackedGates(
              order(form), input, recurrent, weights.get("bias_ih"), weights.get("bias_hh"));
      return new PortableCell(hinted(form, hint), stacked.split(), projection);
    } catch (InputException e) {
      throw wrong(module, way, e.problem());
    }
  }

  private static Tensor weight(
      TorchModule module, Way way, Map<String, Tensor> weights, String kind) {
    Tensor weight = weights.get(kind);
    if (weight == null) {
      throw wrong(module, way, "there is no " + kind);
    }
    return weight;
  }

  private static InputException wrong(TorchModule module, Way way, String what) {
    return new InputException(
        module.prefix() + "*" + way + ": " + what,
        "Save the whole state dictionary of the module, as torch.nn names it.");
  }

  /** The cell, by how many times as many rows there are as units. */
  private static CellForm form(TorchModule module, Way way, int rows, int units) {
    if (rows == units) {
      return new CellForm.Basic(Activation.TANH);
    }
    if (rows == 3L * units) {
      return new CellForm.Gru(true, true);
    }
    if (rows == 4L * units) {
      return new CellForm.Lstm(Peepholes.NONE);
    }
    throw wrong(
        module, way, rows + " rows of " + units + " units are not a basic cell, a GRU or an LSTM");
  }

  /** Applies the hint: it decides a basic cell's activation and must agree with any other cell. */
  private static CellForm hinted(CellForm form, NetworkHint.@Nullable Layer hint) {
    if (hint == null) {
      return form;
    }
    if (form instanceof CellForm.Basic && hint.cell() instanceof BasicCell basic) {
      return new CellForm.Basic(basic.activation());
    }
    String expected =
        switch (form) {
          case CellForm.Basic basic -> "rnn-tanh";
          case CellForm.Gru gru -> "gru-reset-after";
          case CellForm.Lstm lstm -> "lstm";
        };
    if (!hint.cell().label().equals(expected)) {
      throw new InputException(
          "the cell "
              + hint.cell().label()
              + " is described where the weights are those of a "
              + form.label(),
          "Write \"cell\": \"" + expected + "\".");
    }
    return form;
  }
}
