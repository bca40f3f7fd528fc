package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.peers.OnnxGraph.Element;
import java.util.Arrays;
import java.util.Map;

/** The layers of a case as nodes of an {@link OnnxGraph}, with ONNX's own LSTM and GRU. */
final class OnnxLayers {

  private final Case work;
  private final OnnxGraph graph;
  private final int units;
  private final int vocabulary;

  OnnxLayers(Case work, OnnxGraph graph) {
    this.work = work;
    this.graph = graph;
    this.units = work.units();
    this.vocabulary = work.vocabulary();
  }

  /** Adds the vectors [T][B][H] of tokens [T][B]. */
  String embedding(String tokens) {
    String table = graph.floats(Numbers.parameters(Kind.EMBEDDING, 0, work), vocabulary, units);
    return graph.node("Gather", Map.of("axis", 0), table, tokens);
  }

  /** Adds all layers over all steps, from the zero state; {@code x} is [T][B][H]. */
  String sequence(String x) {
    String y = x;
    for (int layer = 0; layer < work.layers(); layer++) {
      String output = "y" + layer;
      recurrent(layer, new String[] {y, OnnxGraph.NONE, OnnxGraph.NONE}, output);
      y = rows(output, work.steps(), work.batch(), units);
    }
    return y;
  }

  /**
   * Adds one step of all layers; {@code x} is [1][1][H]. The states are inputs and outputs of the
   * model, with the names that {@link #states} returns.
   */
  String step(String x) {
    String y = x;
    for (int layer = 0; layer < work.layers(); layer++) {
      String[] before = states("", layer);
      String[] after = states("next_", layer);
      Arrays.stream(before).forEach(name -> graph.input(name, Element.FLOAT, 1, 1, units));
      Arrays.stream(after).forEach(name -> graph.output(name, Element.FLOAT, 1, 1, units));
      String[] inputs = {y, before[0], before[before.length - 1]};
      recurrent(layer, inputs, prepend(OnnxGraph.NONE, after));
      y = after[0];
    }
    return y;
  }

  /** Returns the names of a layer's states: a, and c of an LSTM. */
  String[] states(String prefix, int layer) {
    return work.cell() == Cell.LSTM
        ? new String[] {prefix + "a" + layer, prefix + "c" + layer}
        : new String[] {prefix + "a" + layer};
  }

  /** Adds the output layer: logits [rows][V]. */
  String logits(String y, int rows) {
    String weights = graph.floats(Numbers.parameters(Kind.HEAD_WEIGHT, 0, work), vocabulary, units);
    String bias = graph.floats(Numbers.parameters(Kind.HEAD_BIAS, 0, work), vocabulary);
    return graph.node("Gemm", Map.of("transB", 1), rows(y, rows, units), weights, bias);
  }

  /**
   * Adds the mean cross-entropy of logits [rows][V] and targets [rows][1]. Of three forms this is
   * the fastest: SoftmaxCrossEntropyLoss takes a quarter longer, ReduceLogSumExp twice as long.
   */
  String meanLoss(String logits, String targets) {
    String all = graph.node("LogSoftmax", Map.of("axis", 1), logits);
    String found = graph.node("GatherElements", Map.of("axis", 1), all, targets);
    return graph.node("Neg", Map.of(), graph.node("ReduceMean", Map.of("keepdims", 0), found));
  }

  /** Adds one layer; the inputs are x and the states a and c, of which a GRU ignores the last. */
  private void recurrent(int layer, String[] inputs, String... outputs) {
    boolean lstm = work.cell() == Cell.LSTM;
    var weights = LayerWeights.of(work, layer, GateOrder.onnx(work.cell()));
    long rows = (long) work.cell().gates() * units;
    String input = graph.floats(weights.input(), 1, rows, units);
    String recurrent = graph.floats(weights.recurrent(), 1, rows, units);
    String bias = graph.floats(concat(weights.bias(), weights.wholeRecurrentBias()), 1, 2 * rows);
    String x = inputs[0];
    String a = inputs[1];
    if (lstm) {
      String[] all = {x, input, recurrent, bias, OnnxGraph.NONE, a, inputs[2]};
      graph.node("LSTM", Map.of("hidden_size", units), all, outputs);
    } else {
      String[] all = {x, input, recurrent, bias, OnnxGraph.NONE, a};
      var attributes = Map.of("hidden_size", units, "linear_before_reset", 1);
      graph.node("GRU", attributes, all, outputs);
    }
  }

  private String rows(String value, long... shape) {
    return graph.node("Reshape", Map.of(), value, graph.integers(shape, shape.length));
  }

  private static String[] prepend(String first, String[] rest) {
    String[] all = new String[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  private static float[] concat(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
