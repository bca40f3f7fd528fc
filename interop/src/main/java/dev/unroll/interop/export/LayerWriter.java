package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import java.util.ArrayList;
import java.util.List;

/** Writes layers: as an operator of ONNX where there is one, or as basic operators inside Scan. */
final class LayerWriter {

  private LayerWriter() {}

  /**
   * Writes a layer.
   *
   * @param x inputs, [steps][batch][inputs]
   * @param starts of each way, the state before the first step; none for zeros
   */
  static LayerPlan.Output write(
      GraphWriter g, LayerPlan plan, String x, Sequences sequences, List<State> starts) {
    g.part(plan.name());
    if (plan.isOperator()) {
      return new OperatorLayer(plan).write(g, x, sequences, starts);
    }
    g.note(plan.name() + " is written as basic operators inside Scan, for " + plan.why());
    var outputs = new ArrayList<String>();
    var ends = new ArrayList<State>();
    for (int way = 0; way < plan.ways(); way++) {
      var own = new ScanLayer(plan, way);
      State start = starts.isEmpty() ? own.zeros(g, sequences) : starts.get(way);
      ends.add(own.write(g, x, sequences, start, outputs));
    }
    String joined =
        plan.layer().direction() == Direction.SUM
            ? g.add(outputs.get(0), outputs.get(1))
            : g.concat(2, outputs);
    return new LayerPlan.Output(joined, ends);
  }
}
