package dev.unroll.interop.chain;

import dev.unroll.base.InputException;
import dev.unroll.cells.Activation;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.CellForm;
import dev.unroll.interop.weights.Gate;
import dev.unroll.interop.weights.GateWeights;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.PortableCell;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.StackedGates;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The layer of an ONNX node RNN, GRU or LSTM: gates z, r, h and i, o, f, c, peepholes i, o, f. */
record RecurrentNode(Node node, Folded constants) {

  private static final List<Gate> GRU = List.of(Gate.UPDATE, Gate.RESET, Gate.CANDIDATE);
  private static final List<Gate> LSTM = List.of(Gate.INPUT, Gate.OUTPUT, Gate.FORGET, Gate.CELL);

  private static final int FIRST_STATE = 5;
  private static final int MOST_STATES = 7;

  /** Whether sequences, and not steps, are the first axis (layout 1). */
  boolean batchFirst() {
    return node.attributes().number("layout", 0) == 1;
  }

  /** Whether it begins with states that are inputs of the graph. */
  boolean isGivenStates() {
    return states().stream().anyMatch(state -> !constants.isZero(state));
  }

  private List<String> states() {
    int end = Math.min(node.inputs().size(), MOST_STATES);
    return node.inputs().subList(Math.min(FIRST_STATE, end), end);
  }

  /** The layer, whose start states must be zeros, or inputs of the graph. */
  PortableLayer layer() {
    Attributes attributes = node.attributes();
    String direction = attributes.text("direction", "forward");
    refuse(attributes.has("clip"), "clips what goes into its gates");
    refuse(attributes.number("input_forget", 0) != 0, "has a forget gate that is 1 - i");
    for (String state : states()) {
      refuse(
          !constants.isZero(state) && !constants.isInput(state),
          "begins with a state that is neither zeros nor an input of the graph");
    }
    CellForm form = form(attributes, direction.equals("bidirectional") ? 2 : 1);
    Tensor input = required(1, "W");
    int ways = input.shape().rank() == 3 ? input.shape().axis(0) : 0;
    refuse(ways != (direction.equals("bidirectional") ? 2 : 1), "has weights of other directions");
    return switch (direction) {
      case "forward" -> new PortableLayer(cell(form, 0));
      case "reverse" -> new PortableLayer(null, cell(form, 0), false);
      default -> new PortableLayer(cell(form, 0), cell(form, 1), false);
    };
  }

  private Tensor required(int index, String name) {
    Tensor tensor = optional(index, name);
    if (tensor == null) {
      throw refused("has no " + name);
    }
    return tensor;
  }

  private @Nullable Tensor optional(int index, String name) {
    if (index >= node.inputs().size() || node.inputs().get(index).isEmpty()) {
      return null;
    }
    Tensor tensor = constants.constant(node.inputs().get(index));
    if (tensor == null || !tensor.type().isFloating()) {
      throw refused("has a " + name + " that is not a constant");
    }
    return tensor;
  }

  private void refuse(boolean is, String what) {
    if (is) {
      throw refused(what);
    }
  }

  private InputException refused(String what) {
    return new InputException(
        node.label() + " " + what + ", which layers of ours do not", "Run the graph as it is.");
  }

  private CellForm form(Attributes attributes, int ways) {
    return switch (node.operator()) {
      case "RNN" -> {
        String name = functions(attributes, ways, List.of("tanh")).getFirst();
        refuse(!name.equals("tanh") && !name.equals("relu"), "has the function " + name);
        yield new CellForm.Basic(name.equals("tanh") ? Activation.TANH : Activation.RELU);
      }
      case "GRU" -> {
        requireUsual(attributes, ways, List.of("sigmoid", "tanh"));
        yield new CellForm.Gru(attributes.number("linear_before_reset", 0) != 0, true);
      }
      default -> {
        requireUsual(attributes, ways, List.of("sigmoid", "tanh", "tanh"));
        boolean peeps = node.inputs().size() > 7 && !node.inputs().get(7).isEmpty();
        yield new CellForm.Lstm(peeps ? Peepholes.AFTER : Peepholes.NONE);
      }
    };
  }

  private void requireUsual(Attributes attributes, int ways, List<String> usual) {
    List<String> names = functions(attributes, ways, usual);
    refuse(!names.equals(usual), "has the functions " + names);
  }

  /** The functions of one direction, which must be those of the other too. */
  private List<String> functions(Attributes attributes, int ways, List<String> usual) {
    List<String> names =
        attributes.texts("activations").stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .toList();
    if (names.isEmpty()) {
      return usual;
    }
    List<String> first = names.subList(0, Math.min(usual.size(), names.size()));
    boolean alike = ways == 1 || names.subList(first.size(), names.size()).equals(first);
    refuse(!alike, "has other functions in each direction");
    return first;
  }

  private PortableCell cell(CellForm form, int way) {
    List<Gate> order =
        switch (form) {
          case CellForm.Basic basic -> List.of(Gate.HIDDEN);
          case CellForm.Gru gru -> GRU;
          case CellForm.Lstm lstm -> LSTM;
        };
    Tensor biases = optional(3, "B");
    Tensor both = biases == null ? null : row(biases, way);
    int width = both == null ? 0 : both.size() / 2;
    try {
      Map<Gate, GateWeights> gates =
          new EnumMap<>(
              new StackedGates(
                      order,
                      row(required(1, "W"), way),
                      row(required(2, "R"), way),
                      both == null ? null : Matrices.rows(both, 0, width),
                      both == null ? null : Matrices.rows(both, width, width))
                  .split());
      peep(form, gates, way);
      return new PortableCell(form, gates, null);
    } catch (InputException e) {
      throw refused("has " + e.problem());
    }
  }

  private void peep(CellForm form, Map<Gate, GateWeights> gates, int way) {
    if (!(form instanceof CellForm.Lstm lstm) || lstm.peepholes() == Peepholes.NONE) {
      return;
    }
    Tensor all = row(required(7, "P"), way);
    int units = all.size() / 3;
    List<Gate> order = List.of(Gate.INPUT, Gate.OUTPUT, Gate.FORGET);
    for (int i = 0; i < order.size(); i++) {
      Tensor own = Matrices.rows(all, i * units, units);
      gates.computeIfPresent(order.get(i), (gate, weights) -> weights.withPeephole(own));
    }
  }

  /** What belongs to one direction. */
  private static Tensor row(Tensor tensor, int way) {
    List<Integer> axes = tensor.shape().axes();
    if (axes.size() < 2 || way >= axes.getFirst()) {
      throw new InputException("weights of shape " + tensor.shape(), "Export the model again.");
    }
    return Matrices.rows(tensor, way, 1).reshaped(new Shape(axes.subList(1, axes.size())));
  }
}
