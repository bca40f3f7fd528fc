package dev.unroll.interop.onnx.graph;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

  /** Its operator and its name, or what it computes where it has none. */
  public String title() {
    List<String> computed = outputs.stream().filter(each -> !each.isEmpty()).toList();
    return operator + " " + (name.isEmpty() ? String.join(", ", computed) : name);
  }

  /** What messages call the node. */
  public String label() {
    return "the node " + title();
  }

  /** All values that it needs, also those that its graphs read, each once. */
  public Set<String> reads() {
    var names = new LinkedHashSet<>(inputs);
    for (Object each : attributes.values().values()) {
      if (each instanceof Inner inner) {
        names.addAll(inner.captured());
      }
    }
    names.remove("");
    return names;
  }
}
