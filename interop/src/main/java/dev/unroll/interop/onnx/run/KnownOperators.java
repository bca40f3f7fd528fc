package dev.unroll.interop.onnx.run;

import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.op.Definition;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.onnx.op.Operators;
import dev.unroll.interop.onnx.recurrent.RecurrentOperators;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** All operators that models may have. */
public final class KnownOperators {

  private static final Operators OPERATORS =
      Operators.STANDARD.and(RecurrentOperators.definitions());

  /** Those whose nodes have graphs. */
  private static final Set<String> CONTROL = Set.of("If", "Loop", "Scan");

  /** The first version of Scan, whose sequences have a batch axis. */
  private static final int SCAN = 8;

  /** Since this version Scan has no batch axis of its own. */
  static final int SCAN_WITHOUT_BATCH = 9;

  /** An operator that is not known, and how many nodes need it. */
  public record Missing(String domain, String operator, int opset, int nodes) {

    /** As messages say it. */
    @Override
    public String toString() {
      String name = domain.isEmpty() ? operator : domain + "." + operator;
      String version = opset == 0 ? "no opset" : "opset " + opset;
      return name + " (" + version + (nodes == 1 ? ")" : ", " + nodes + " nodes)");
    }
  }

  private KnownOperators() {}

  /** Returns the meaning of a node's operator, which is not one of control flow. */
  static Optional<Operator> find(Node node, int opset) {
    return OPERATORS.find(node.domain(), node.operator(), opset);
  }

  static boolean isControl(Node node) {
    return node.domain().isEmpty() && CONTROL.contains(node.operator());
  }

  /** Returns the names of all that are known, with their domain where it is not ONNX's own. */
  static SortedSet<String> names() {
    var names = new TreeSet<>(CONTROL);
    for (Definition each : OPERATORS.all()) {
      names.add(each.domain().isEmpty() ? each.name() : each.domain() + "." + each.name());
    }
    return names;
  }

  /** Returns all operators of a model that are not known, by domain and name. */
  public static List<Missing> missing(ModelGraph model) {
    var found = new TreeMap<String, Missing>();
    addMissing(model, model.graph(), found);
    return List.copyOf(found.values());
  }

  private static void addMissing(ModelGraph model, Graph graph, Map<String, Missing> found) {
    for (Node node : graph.nodes()) {
      int opset = model.opset(node.domain());
      if (!isKnown(node, opset)) {
        found.merge(
            node.domain() + ":" + node.operator(),
            new Missing(node.domain(), node.operator(), opset, 1),
            (a, b) -> new Missing(a.domain, a.operator, a.opset, a.nodes + 1));
      }
      Graph.in(node).forEach(inner -> addMissing(model, inner, found));
    }
  }

  private static boolean isKnown(Node node, int opset) {
    if (isControl(node)) {
      return !node.operator().equals("Scan") || opset >= SCAN;
    }
    return find(node, opset).isPresent();
  }
}
