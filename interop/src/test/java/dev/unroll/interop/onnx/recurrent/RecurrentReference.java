package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The specification's formulas with its usual functions in doubles, written as the ONNX project's
 * reference implementation is: a whole batch at a step, states behind a sequence's end held by a
 * mask, and the other direction as a run over turned inputs. Layout 0.
 */
final class RecurrentReference {

  private static final int INPUTS = 8;

  private static final Map<String, List<String>> GATES =
      Map.of(
          "RNN", List.of("h"), "GRU", List.of("z", "r", "h"), "LSTM", List.of("i", "o", "f", "c"));

  private final NodeCase node;

  /** The inputs as doubles; of one that is missing none. */
  private final List<double[]> inputs = new ArrayList<>();

  private final int steps;
  private final int batch;
  private final int hidden;
  private final int[] lengths;

  RecurrentReference(NodeCase node) {
    this.node = node;
    for (int input = 0; input < INPUTS; input++) {
      Tensor given = Shapes.at(node.inputs(), input);
      inputs.add(given == null ? new double[0] : given.doubles());
    }
    steps = node.call().input(0).shape().axis(0);
    batch = node.call().input(0).shape().axis(1);
    hidden = node.call().input(2).shape().axis(2);
    lengths = new int[batch];
    Arrays.fill(lengths, steps);
    double[] given = inputs.get(4);
    for (int row = 0; given.length > 0 && row < batch; row++) {
      lengths[row] = (int) given[row];
    }
  }

  /** Y, Y_h and, of the LSTM, Y_c as flat arrays. */
  List<double[]> run() {
    Object direction = node.attributes().get("direction");
    int ways = "bidirectional".equals(direction) ? 2 : 1;
    var y = new double[steps * ways * batch * hidden];
    var last = new double[ways * batch * hidden];
    var lastC = new double[ways * batch * hidden];
    for (int way = 0; way < ways; way++) {
      boolean turned = way == 1 || "reverse".equals(direction);
      double[][] h = state(5, way);
      double[][] c = state(6, way);
      for (int t = 0; t < steps; t++) {
        for (int row = 0; row < batch; row++) {
          if (t < lengths[row]) {
            int step = turned ? lengths[row] - 1 - t : t;
            step(way, x(step, row), h[row], c[row]);
            System.arraycopy(h[row], 0, y, ((step * ways + way) * batch + row) * hidden, hidden);
          }
        }
      }
      for (int row = 0; row < batch; row++) {
        System.arraycopy(h[row], 0, last, (way * batch + row) * hidden, hidden);
        System.arraycopy(c[row], 0, lastC, (way * batch + row) * hidden, hidden);
      }
    }
    return node.operator().equals("LSTM") ? List.of(y, last, lastC) : List.of(y, last);
  }

  private void step(int way, double[] x, double[] h, double[] c) {
    double[] before = h.clone();
    switch (node.operator()) {
      case "RNN" -> {
        for (int j = 0; j < hidden; j++) {
          h[j] = Math.tanh(w(way, "h", j, x) + r(way, "h", j, before));
        }
      }
      case "GRU" -> gru(way, x, before, h);
      default -> {
        for (int j = 0; j < hidden; j++) {
          double i = sigmoid(w(way, "i", j, x) + r(way, "i", j, before) + p(way, 0, j) * c[j]);
          double f = sigmoid(w(way, "f", j, x) + r(way, "f", j, before) + p(way, 2, j) * c[j]);
          c[j] = f * c[j] + i * Math.tanh(w(way, "c", j, x) + r(way, "c", j, before));
          double o = sigmoid(w(way, "o", j, x) + r(way, "o", j, before) + p(way, 1, j) * c[j]);
          h[j] = o * Math.tanh(c[j]);
        }
      }
    }
  }

  private void gru(int way, double[] x, double[] before, double[] h) {
    var reset = new double[hidden];
    var held = new double[hidden];
    for (int j = 0; j < hidden; j++) {
      reset[j] = sigmoid(w(way, "r", j, x) + r(way, "r", j, before));
      held[j] = reset[j] * before[j];
    }
    boolean linear = node.attributes().containsKey("linear_before_reset");
    for (int j = 0; j < hidden; j++) {
      double z = sigmoid(w(way, "z", j, x) + r(way, "z", j, before));
      double inner = linear ? reset[j] * r(way, "h", j, before) : r(way, "h", j, held);
      h[j] = (1 - z) * Math.tanh(w(way, "h", j, x) + inner) + z * before[j];
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** A gate's share of the input with its bias. */
  private double w(int way, String gate, int unit, double[] x) {
    return product(inputs.get(1), way, gate, unit, x) + bias(way, gate, unit, 0);
  }

  /** A gate's share of the state with its bias. */
  private double r(int way, String gate, int unit, double[] h) {
    return product(inputs.get(2), way, gate, unit, h) + bias(way, gate, unit, 1);
  }

  private double product(double[] weights, int way, String gate, int unit, double[] x) {
    int row = (way * gates().size() + gates().indexOf(gate)) * hidden + unit;
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += weights[row * x.length + k] * x[k];
    }
    return sum;
  }

  private double bias(int way, String gate, int unit, int which) {
    int gate0 = (2 * way + which) * gates().size() + gates().indexOf(gate);
    return at(inputs.get(3), gate0 * hidden + unit);
  }

  private double p(int way, int peephole, int unit) {
    return at(inputs.get(7), (way * 3 + peephole) * hidden + unit);
  }

  private static double at(double[] values, int index) {
    return values.length == 0 ? 0 : values[index];
  }

  private List<String> gates() {
    return GATES.getOrDefault(node.operator(), List.of());
  }

  private double[] x(int step, int row) {
    double[] all = inputs.get(0);
    int width = all.length / (steps * batch);
    int from = (step * batch + row) * width;
    return Arrays.copyOfRange(all, from, from + width);
  }

  private double[][] state(int input, int way) {
    double[] given = inputs.get(input);
    var state = new double[batch][hidden];
    for (int row = 0; given.length > 0 && row < batch; row++) {
      int from = (way * batch + row) * hidden;
      state[row] = Arrays.copyOfRange(given, from, from + hidden);
    }
    return state;
  }
}
