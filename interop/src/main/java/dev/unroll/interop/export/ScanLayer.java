package dev.unroll.interop.export;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one way of a layer as basic operators inside Scan. The input's share of all gates is one
 * product before the loop, as in our layers; a sequence that has ended keeps its state.
 */
final class ScanLayer {

  private final LayerPlan layer;
  private final Parameters parameters;
  private final String prefix;
  private final WayWeights weights;
  private final boolean backward;

  ScanLayer(LayerPlan layer, int way) {
    this.layer = layer;
    parameters = layer.parameters();
    prefix = layer.prefix(way);
    weights = new WayWeights(parameters, layer.layer(), prefix);
    backward = way == 1;
  }

  /** Returns the state before the first step where nothing else is said. */
  State zeros(GraphWriter g, Sequences sequences) {
    String a = zeros(g, sequences, layer.outputs());
    return new State(a, layer.hasMemory() ? zeros(g, sequences, layer.layer().units()) : null);
  }

  static String zeros(GraphWriter g, Sequences sequences, int width) {
    return g.expand(g.numbers(Type.FLOAT, new double[width], 1, width), sequences.batch(), width);
  }

  /** Adds the outputs, [steps][batch][outputs], to {@code outputs} and returns the last state. */
  State write(GraphWriter g, String x, Sequences sequences, State start, List<String> outputs) {
    var scanned = new ArrayList<String>();
    scanned.add(weights.inputShare(g, x));
    if (sequences.ragged()) {
      scanned.add(g.unsqueeze(sequences.mask(), 2));
    }
    GraphWriter body = g.body(prefix + "step");
    String a = body.input("a", Type.FLOAT);
    String c = layer.hasMemory() ? body.input("c", Type.FLOAT) : null;
    String z = body.input("z", Type.FLOAT);
    String mask = sequences.ragged() ? body.input("mask", Type.BOOL) : null;
    State before = new State(a, c);
    State after = masked(body, mask, before, step(body, z, before));
    after.values().forEach(value -> body.output(value, Type.FLOAT));
    body.output(after.a(), Type.FLOAT);
    List<String> y = g.scan(body, start.values(), scanned, backward);
    outputs.add(y.getLast());
    return new State(y.getFirst(), c == null ? null : y.get(1));
  }

  private static State masked(GraphWriter body, @Nullable String mask, State before, State after) {
    if (mask == null) {
      return after;
    }
    String c = after.c();
    String old = before.c();
    return new State(
        body.choose(mask, after.a(), before.a()),
        c == null || old == null ? null : body.choose(mask, c, old));
  }

  /** Writes the cell, its projection and zoneout. */
  private State step(GraphWriter body, String z, State before) {
    var cell = new CellWriter(body, weights, z);
    State fresh = cell.write(before);
    String a = fresh.a();
    if (layer.layer().projection() > 0) {
      a = body.product(a, parameters.turned(body, prefix + "projection.weight"));
    }
    String c = fresh.c();
    String old = before.c();
    return new State(
        mix(body, layer.zoneout().state(), before.a(), a),
        c == null || old == null ? null : mix(body, layer.zoneout().memory(), old, c));
  }

  /** Zoneout as it is used: the mean of the step before and the new one. */
  private static String mix(GraphWriter body, double share, String before, String now) {
    if (share == 0) {
      return now;
    }
    String rate = body.number(Type.FLOAT, (float) share);
    return body.add(now, body.multiply(rate, body.subtract(before, now)));
  }
}
