package dev.unroll.interop.chain;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.ModelReader;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.weights.PortableNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An ONNX graph as a chain of layers: embedding, recurrent layers, pooling, linear layer.
 *
 * <p>The graph is followed from its input to its first output; each operator on the way must be one
 * that such a chain has, in its place. Any other is refused by its name.
 *
 * @param network the layers and their weights
 * @param findings what was taken for what, a line each
 */
public record ChainModel(PortableNetwork network, List<String> findings) {

  /** Creates a model with a copy of the findings. */
  public ChainModel {
    findings = List.copyOf(findings);
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it is no ONNX model, or one with other layers
   */
  public static ChainModel open(Path file) {
    ModelGraph model = ModelReader.read(file);
    try {
      return of(model);
    } catch (InputException e) {
      throw InputException.in(file, e.problem(), e.fix());
    } catch (IllegalArgumentException e) {
      throw InputException.in(file, "is not valid: " + e.getMessage(), "Export the model again.");
    }
  }

  private static ChainModel of(ModelGraph model) {
    var chain = new Chain(new Folded(model), model.opset(""));
    var flows = new HashMap<String, Flow>();
    Map<String, String> refused = new HashMap<>();
    Graph graph = model.graph();
    for (Value input : graph.inputs()) {
      if (!graph.initializers().containsKey(input.name())) {
        chain.input(input).ifPresent(flow -> flows.put(input.name(), flow));
      }
    }
    for (Node node : graph.nodes()) {
      follow(node, chain, flows, refused);
    }
    String why = "its outputs do not depend on its input";
    for (Value output : graph.outputs()) {
      Flow flow = flows.get(output.name());
      if (flow != null && Chain.isEnd(flow)) {
        return new ChainModel(Chain.network(flow), findings(flow, output, graph));
      }
      if (flow != null) {
        why = "its output " + output.name() + " is not all of what its last layer gives";
      }
      if (refused.containsKey(output.name())) {
        why = refused.get(output.name());
        break; // what comes after it is not what the model is for
      }
    }
    throw new InputException(
        "is not a chain of embedding, recurrent layers and a linear layer: " + why,
        "Run the graph as it is.");
  }

  private static List<String> findings(Flow end, Value output, Graph graph) {
    var findings = new ArrayList<>(end.trail().findings());
    if (graph.outputs().size() > 1) {
      findings.add(
          "the output "
              + output.name()
              + " of "
              + graph.outputs().size()
              + ": the others are left out");
    }
    return findings;
  }

  private static void follow(
      Node node, Chain chain, Map<String, Flow> flows, Map<String, String> refused) {
    String why =
        node.reads().stream().map(refused::get).filter(Objects::nonNull).findFirst().orElse(null);
    boolean isOn = node.reads().stream().anyMatch(flows::containsKey);
    if (why == null && isOn && !node.operator().equals("Shape")) {
      try {
        chain.follow(node, flows);
        return;
      } catch (NoLayerException e) {
        why = e.getMessage();
      }
    }
    if (why != null) {
      for (String output : node.outputs()) {
        refused.put(output, why);
      }
    }
  }
}
