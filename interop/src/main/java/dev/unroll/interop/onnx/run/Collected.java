package dev.unroll.interop.onnx.run;

import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What the steps of a loop have computed besides states. */
final class Collected {

  private final Node node;
  private final List<Value> outputs;
  private final int from;
  private final List<List<Tensor>> columns = new ArrayList<>();

  /**
   * Nothing yet.
   *
   * @param outputs the outputs of the loop's graph
   * @param from the first of them that is collected
   */
  Collected(Node node, List<Value> outputs, int from) {
    this.node = node;
    this.outputs = outputs;
    this.from = from;
    outputs.subList(from, outputs.size()).forEach(each -> columns.add(new ArrayList<>()));
  }

  /** The number of outputs that are collected. */
  int count() {
    return columns.size();
  }

  /** Adds the outputs of a step. */
  void add(List<Tensor> computed, Execution execution) {
    for (int i = 0; i < columns.size(); i++) {
      Tensor each = computed.get(from + i);
      execution.keep(node, each);
      columns.get(i).add(each);
    }
  }

  /** Returns one output of all steps. */
  Tensor stacked(int index, long axis, boolean reverse) {
    List<Tensor> parts = columns.get(index);
    return parts.isEmpty()
        ? Slices.empty(outputs.get(from + index), axis)
        : Slices.stack(reverse ? parts.reversed() : parts, axis);
  }
}
