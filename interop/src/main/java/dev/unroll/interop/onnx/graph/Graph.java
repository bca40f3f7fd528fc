package dev.unroll.interop.onnx.graph;

import dev.unroll.interop.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph of nodes in the order in which they run.
 *
 * @param name for messages; may be empty
 * @param inputs what a caller gives, in the graph's order; initializers may stand in for some
 * @param outputs what a caller receives
 * @param initializers constants by name
 * @param nodes each after those whose values it reads
 * @param captured what a graph within another one reads of those around it
 */
public record Graph(
    String name,
    List<Value> inputs,
    List<Value> outputs,
    Map<String, Tensor> initializers,
    List<Node> nodes,
    List<String> captured)
    implements Inner {

  /** Creates a graph with copies of the collections. */
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    nodes = List.copyOf(nodes);
    captured = List.copyOf(captured);
  }

  /** The graphs in a node. */
  public static List<Graph> in(Node node) {
    return node.attributes().values().values().stream()
        .filter(Graph.class::isInstance)
        .map(Graph.class::cast)
        .toList();
  }

  /** The graph in a node's attribute, if there is one. */
  public static Optional<Graph> of(Node node, String attribute) {
    return node.attributes().get(attribute, Graph.class);
  }
}
