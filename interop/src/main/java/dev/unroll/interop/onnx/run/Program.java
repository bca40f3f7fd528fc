package dev.unroll.interop.onnx.run;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.op.Operators;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A model that is ready to run, by any number of threads at a time. */
public final class Program {

  private static final Set<String> CONTROL = Set.of("If", "Loop", "Scan");

  /** Since this version Scan has no batch axis of its own. */
  private static final int SCAN = 9;

  private final Plan plan;
  private final List<Placement> placements;

  /** What runs a node. */
  public enum Where {
    /** The recurrent engine, with packed weights. */
    ENGINE,
    /** Plain arithmetic. */
    EVALUATOR,
    /** Nothing: its outputs are constants, and are known. */
    CONSTANT
  }

  /** A node, also one of a graph in a node, and what runs it. */
  public record Placement(Node node, Where where) {}

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

  private Program(Plan plan, List<Placement> placements) {
    this.plan = plan;
    this.placements = List.copyOf(placements);
  }

  /**
   * Prepares a model.
   *
   * @param given initializers that inputs may replace
   * @throws InputException if operators are missing, or graphs in nodes do not fit
   */
  public static Program of(ModelGraph model, Operators operators, Set<String> given) {
    List<Missing> missing = missing(model, operators);
    if (!missing.isEmpty()) {
      throw new InputException(
          "needs operators that are not supported: "
              + String.join(", ", missing.stream().map(Missing::toString).toList()),
          "Export the model with others; docs/interop.md lists those that are supported.");
    }
    var placements = new ArrayList<Placement>();
    Plan plan = PlanBuilder.plan(model, operators, given, placements);
    return new Program(plan, placements);
  }

  /** Returns all operators of a model that are not known, by domain and name. */
  public static List<Missing> missing(ModelGraph model, Operators operators) {
    var found = new TreeMap<String, Missing>();
    addMissing(model, model.graph(), operators, found);
    return List.copyOf(found.values());
  }

  private static void addMissing(
      ModelGraph model, Graph graph, Operators operators, Map<String, Missing> found) {
    for (Node node : graph.nodes()) {
      int opset = model.opset(node.domain());
      if (!isKnown(node, opset, operators)) {
        found.merge(
            node.domain() + ":" + node.operator(),
            new Missing(node.domain(), node.operator(), opset, 1),
            (a, b) -> new Missing(a.domain, a.operator, a.opset, a.nodes + 1));
      }
      node.graphs().forEach(inner -> addMissing(model, inner, operators, found));
    }
  }

  private static boolean isKnown(Node node, int opset, Operators operators) {
    if (node.domain().isEmpty() && CONTROL.contains(node.operator())) {
      return !node.operator().equals("Scan") || opset >= SCAN;
    }
    return operators.find(node.domain(), node.operator(), opset).isPresent();
  }

  /** Returns what runs each node, in the order in which they run; graphs in nodes come first. */
  public List<Placement> placements() {
    return placements;
  }

  /**
   * Runs the model.
   *
   * @param inputs in the graph's order, null where an initializer stands in
   * @param maxSteps how many steps all its loops may take together
   * @return the outputs in the graph's order
   * @throws InputException if a node cannot run with what it gets, or loops take too long
   */
  public List<Tensor> run(List<? extends @Nullable Tensor> inputs, Workers workers, long maxSteps) {
    return plan.run(inputs, List.of(), new Execution(workers, maxSteps));
  }
}
