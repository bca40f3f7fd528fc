package dev.unroll.interop.export;

import java.util.ArrayList;
import java.util.List;

/** Writes how a layer of a decoder begins with the last state of a layer of the encoder. */
final class BridgeWriter {

  private BridgeWriter() {}

  /**
   * Returns the state.
   *
   * @param prefix of the parameters, if there are any; without them the state is handed on
   * @param ends of each way of the encoder's layer, its last state
   * @param to the decoder's layer
   */
  static State write(
      GraphWriter g, Parameters parameters, String prefix, List<State> ends, LayerPlan to) {
    String name = prefix.substring(0, prefix.length() - 1);
    g.part(name);
    if (!parameters.has(prefix + "weight")) {
      return ends.getFirst();
    }
    var parts = new ArrayList<String>();
    ends.forEach(end -> parts.add(end.a()));
    for (State end : ends) {
      String c = end.c();
      if (c != null) {
        parts.add(c);
      }
    }
    String s = HeadWriter.linear(g, parameters, prefix, g.concat(1, parts));
    int outputs = to.outputs();
    String a = g.op("Tanh", g.slice(s, 1, 0, outputs));
    return new State(
        a, to.hasMemory() ? g.slice(s, 1, outputs, outputs + to.layer().units()) : null);
  }
}
