package dev.unroll.interop.export;

import dev.unroll.layer.Zoneout;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Writes all recurrent layers of a network, with residual connections. */
final class StackWriter {

  private final Network network;
  private final List<LayerPlan> layers = new ArrayList<>();
  private final Parameters parameters;

  /**
   * Prepares to write.
   *
   * @param prefix what the names of the parameters begin with, such as {@code encoder.}
   */
  StackWriter(Parameters parameters, Network network, String prefix) {
    this.network = network;
    this.parameters = parameters;
    var zoneout = new Zoneout(network.dropouts().state(), network.dropouts().memory());
    for (int i = 0; i < network.layers().size(); i++) {
      String own = prefix + "layers." + i + ".";
      layers.add(new LayerPlan(parameters, network.layers().get(i), zoneout, own));
    }
  }

  Network network() {
    return network;
  }

  List<LayerPlan> layers() {
    return layers;
  }

  /** Returns the width of what comes out. */
  int outputs() {
    return network.layers().getLast().outputs();
  }

  /**
   * What the layers give.
   *
   * @param output of the last layer, [steps][batch][outputs]
   * @param input of the last layer, where that is added to its output
   * @param ends of each layer and way, the state after the last step
   */
  record Output(String output, String input, List<List<State>> ends) {}

  /**
   * Writes the layers.
   *
   * @param x [steps][batch][inputs]
   * @param starts of each layer and way, the state before the first step; none for zeros
   */
  Output write(GraphWriter g, String x, Sequences sequences, List<List<State>> starts) {
    String below = x;
    String y = x;
    var ends = new ArrayList<List<State>>();
    for (int i = 0; i < layers.size(); i++) {
      below = y;
      List<State> start = starts.isEmpty() ? List.of() : starts.get(i);
      LayerPlan.Output own = LayerWriter.write(g, layers.get(i), below, sequences, start);
      y = network.addsInput(i) ? g.add(below, own.output()) : own.output();
      ends.add(own.ends());
    }
    return new Output(y, below, ends);
  }

  /**
   * Returns the state of each layer and way before the first step: as learned, repeated for each
   * sequence, or none for zeros.
   */
  List<List<State>> starts(GraphWriter g, Sequences sequences) {
    if (!network.learnedStart()) {
      return List.of();
    }
    return layers.stream()
        .map(
            layer ->
                IntStream.range(0, layer.ways())
                    .mapToObj(way -> learned(g, layer, way, sequences))
                    .toList())
        .toList();
  }

  private State learned(GraphWriter g, LayerPlan layer, int way, Sequences sequences) {
    String prefix = layer.prefix(way);
    String a = repeated(g, prefix + "start.a", sequences);
    return new State(a, layer.hasMemory() ? repeated(g, prefix + "start.c", sequences) : null);
  }

  private String repeated(GraphWriter g, String name, Sequences sequences) {
    String row = g.unsqueeze(parameters.vector(g, name), 0);
    return g.expand(row, sequences.batch(), parameters.columns(name));
  }

  /** Returns zeros as the state of each layer and way before the first step. */
  List<List<State>> zeros(GraphWriter g, Sequences sequences) {
    return layers.stream()
        .map(
            layer ->
                IntStream.range(0, layer.ways())
                    .mapToObj(way -> new ScanLayer(layer, way).zeros(g, sequences))
                    .toList())
        .toList();
  }
}
