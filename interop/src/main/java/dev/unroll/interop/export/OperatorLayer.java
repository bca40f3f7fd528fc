package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.cell.Cell;
import dev.unroll.cells.Activation;
import dev.unroll.cells.BasicCell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a layer as ONNX's LSTM, GRU or RNN. Ours have their gates in the order u, f, c, o, ONNX i,
 * o, f, c; ours u, r, c, ONNX z, r, h, where z = 1 - u weighs the state before: as σ(-v) = 1 -
 * σ(v), the weights of that gate change their sign.
 */
final class OperatorLayer {

  private final LayerPlan layer;
  private final Parameters parameters;
  private final Cell cell;
  private final int units;

  OperatorLayer(LayerPlan layer) {
    this.layer = layer;
    parameters = layer.parameters();
    cell = layer.layer().cell();
    units = layer.layer().units();
  }

  private String operator() {
    return switch (cell) {
      case LstmCell lstm -> "LSTM";
      case FullGruCell gru -> "GRU";
      default -> "RNN";
    };
  }

  /** Returns which of our gates stands at each place of ONNX's. */
  private int[] gates() {
    return switch (cell) {
      case LstmCell lstm -> new int[] {0, 3, 1, 2};
      case FullGruCell gru -> new int[] {0, 1, 2};
      default -> new int[] {0};
    };
  }

  LayerPlan.Output write(GraphWriter g, String x, Sequences sequences, List<State> starts) {
    boolean memory = cell.hasMemory();
    int ways = layer.ways();
    var from = new ArrayList<String>();
    from.add(x);
    from.add(weights(g, "input.weight"));
    from.add(weights(g, "recurrent.weight"));
    from.add(biases(g));
    from.add(sequences.ofOperators());
    from.add(together(g, starts.stream().map(State::a).toList()));
    if (memory) {
      from.add(
          together(g, starts.stream().flatMap(state -> state.values().stream().skip(1)).toList()));
      from.add(peepholes(g));
    }
    List<String> y = g.ops(operator(), attributes(), memory ? 3 : 2, from.toArray(String[]::new));
    var ends = new ArrayList<State>();
    for (int way = 0; way < ways; way++) {
      ends.add(new State(way(g, y.get(1), way), memory ? way(g, y.get(2), way) : null));
    }
    return new LayerPlan.Output(output(g, y.getFirst()), ends);
  }

  private Map<String, Object> attributes() {
    var attributes = new HashMap<String, Object>();
    attributes.put("hidden_size", units);
    if (layer.ways() == 2) {
      attributes.put("direction", "bidirectional");
    }
    if (cell instanceof FullGruCell gru && gru.resetAfter()) {
      attributes.put("linear_before_reset", 1);
    }
    if (cell instanceof BasicCell basic && basic.activation() == Activation.RELU) {
      attributes.put("activations", Collections.nCopies(layer.ways(), "Relu"));
    }
    return attributes;
  }

  /** Returns states of all ways, [ways][batch][width]; empty for zeros. */
  private static String together(GraphWriter g, List<String> states) {
    return states.isEmpty()
        ? ""
        : g.concat(0, states.stream().map(s -> g.unsqueeze(s, 0)).toList());
  }

  private String way(GraphWriter g, String states, int way) {
    return g.squeeze(layer.ways() == 1 ? states : g.slice(states, 0, way, way + 1), 0);
  }

  /** Returns a⟨t⟩ from [steps][ways][batch][H]. */
  private String output(GraphWriter g, String y) {
    if (layer.ways() == 1) {
      return g.squeeze(y, 1);
    }
    if (layer.layer().direction() == Direction.SUM) {
      return g.reduce("ReduceSum", y, 1, false);
    }
    return g.reshape(g.transpose(y, 0, 2, 1, 3), 0, 0, 2L * units);
  }

  private float sign(int gate) {
    return cell instanceof FullGruCell && gate == 0 ? -1 : 1;
  }

  private String weights(GraphWriter g, String name) {
    int columns = parameters.columns(layer.prefix() + name);
    int[] order = gates();
    float[] all = new float[layer.ways() * order.length * units * columns];
    int at = 0;
    for (int way = 0; way < layer.ways(); way++) {
      for (int gate : order) {
        float[] own = parameters.rows(layer.prefix(way) + name, gate * units, (gate + 1) * units);
        at = put(own, sign(gate), all, at);
      }
    }
    return g.parameters(layer.prefix() + name, all, layer.ways(), order.length * units, columns);
  }

  private static int put(float[] own, float sign, float[] all, int at) {
    for (float value : own) {
      all[at++] = sign * value;
    }
    return at;
  }

  /** ONNX has a bias for each of the two products; ours is that of the input. */
  private String biases(GraphWriter g) {
    int[] order = gates();
    int width = order.length * units;
    float[] all = new float[layer.ways() * 2 * width];
    for (int way = 0; way < layer.ways(); way++) {
      float[] bias = parameters.get(layer.prefix(way) + "bias");
      int at = way * 2 * width;
      for (int gate : order) {
        float[] own = Arrays.copyOfRange(bias, gate * units, (gate + 1) * units);
        at = put(own, sign(gate), all, at);
      }
      if (cell instanceof FullGruCell gru && gru.resetAfter()) {
        put(parameters.get(layer.prefix(way) + "recurrent.bias"), 1, all, at + 2 * units);
      }
    }
    return g.parameters(layer.prefix() + "bias", all, layer.ways(), 2 * width);
  }

  /** Ours lie in the order u, f, o, ONNX's i, o, f. */
  private String peepholes(GraphWriter g) {
    if (!(cell instanceof LstmCell lstm) || lstm.peepholes() == Peepholes.NONE) {
      return "";
    }
    float[] all = new float[layer.ways() * 3 * units];
    int at = 0;
    for (int way = 0; way < layer.ways(); way++) {
      for (int row : new int[] {0, 2, 1}) {
        at = put(parameters.rows(layer.prefix(way) + "peephole.weight", row, row + 1), 1, all, at);
      }
    }
    return g.parameters(layer.prefix() + "peephole.weight", all, layer.ways(), 3 * units);
  }
}
