package dev.unroll.interop.onnx.graph;

import java.util.List;

/**
 * One call of an operator.
 *
 * @param name the node's own name, for messages; may be empty
 * @param domain where the operator is defined, empty for ONNX's own
 * @param operator the operator's name, such as {@code LSTM}
 * @param inputs names of values, empty where an optional input is left out
 * @param outputs names of values, empty where an output is not wanted
 */
public record Node(
    String name,
    String domain,
    String operator,
    List<String> inputs,
    List<String> outputs,
    Attributes attributes) {

  /** Creates a node with copies of the lists. */
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
