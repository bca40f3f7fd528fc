package dev.unroll.interop.onnx.graph;

import dev.unroll.base.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Checks the names of a graph, and brings its nodes into an order in which they can run. */
final class GraphCheck {

  private final Graph graph;

  /** Of each name that a node defines, the node's number. */
  private final Map<String, Integer> producers = new HashMap<>();

  /** Names that are there before any node runs. */
  private final Set<String> given = new HashSet<>();

  private GraphCheck(Graph graph) {
    this.graph = graph;
  }

  /**
   * Returns the graph with its nodes in order, which is that of the file where that one is right,
   * and with the names that it needs of the graphs around it.
   */
  static Graph ordered(Graph graph) {
    var check = new GraphCheck(graph);
    check.define();
    List<Node> nodes = check.order();
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        graph.initializers(),
        nodes,
        List.copyOf(check.captured()));
  }

  /**
   * Refuses a graph that needs names of others, or has two outputs of one name. A body of If, Loop
   * or Scan may have these: what a step passes on is often what it gives out, too.
   */
  static void checkClosed(Graph graph) {
    var outputs = new HashSet<String>();
    for (Value each : graph.outputs()) {
      Messages.refuse(!outputs.add(each.name()), "has the output " + each.name() + " twice");
    }
    for (String name : graph.captured()) {
      for (Node each : graph.nodes()) {
        if (each.reads().contains(name)) {
          throw Messages.refused(each.label() + " reads " + name + ", which nothing defines");
        }
      }
      throw Messages.refused("nothing defines the output " + name);
    }
  }

  private void define() {
    for (Value each : graph.inputs()) {
      Messages.refuse(!given.add(each.name()), "has the input " + each.name() + " twice");
    }
    given.addAll(graph.initializers().keySet());
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      for (String name : node.outputs()) {
        if (name.isEmpty()) {
          continue;
        }
        Messages.refuse(
            given.contains(name),
            name + " is defined twice: it is given, and " + node.label() + " computes it");
        Integer other = producers.put(name, i);
        if (other != null) {
          throw Messages.refused(
              name
                  + " is defined twice: by "
                  + graph.nodes().get(other).label()
                  + " and by "
                  + node.label());
        }
      }
    }
  }

  /** Takes, again and again, the first node of the file whose inputs are all there. */
  private List<Node> order() {
    int count = graph.nodes().size();
    var waiting = new int[count];
    var readers = new ArrayList<List<Integer>>();
    for (int i = 0; i < count; i++) {
      readers.add(new ArrayList<>());
    }
    var ready = new PriorityQueue<Integer>();
    for (int i = 0; i < count; i++) {
      for (int producer : producers(i)) {
        readers.get(producer).add(i);
        waiting[i]++;
      }
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    var ordered = new ArrayList<Node>();
    while (!ready.isEmpty()) {
      int next = ready.remove();
      ordered.add(graph.nodes().get(next));
      for (int reader : readers.get(next)) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (ordered.size() < count) {
      throw circle(waiting);
    }
    return ordered;
  }

  /** Returns the nodes that must run before another one. */
  private Set<Integer> producers(int node) {
    var before = new LinkedHashSet<Integer>();
    for (String name : graph.nodes().get(node).reads()) {
      Integer producer = producers.get(name);
      if (producer != null) {
        before.add(producer);
      }
    }
    return before;
  }

  /** Follows nodes that wait to those that they wait for, until one comes again. */
  private InputException circle(int[] waiting) {
    int at = 0;
    while (waiting[at] == 0) {
      at++;
    }
    var path = new LinkedHashSet<Integer>();
    while (path.add(at)) {
      at = producers(at).stream().filter(each -> waiting[each] > 0).findFirst().orElseThrow();
    }
    return Messages.refused(
        "has a cycle of nodes: "
            + graph.nodes().get(at).label()
            + " needs what is computed from its own result");
  }

  private Set<String> captured() {
    var captured = new LinkedHashSet<String>();
    for (Node node : graph.nodes()) {
      node.reads().stream().filter(name -> !isDefined(name)).forEach(captured::add);
    }
    for (Value each : graph.outputs()) {
      if (!isDefined(each.name())) {
        captured.add(each.name());
      }
    }
    return captured;
  }

  private boolean isDefined(String name) {
    return given.contains(name) || producers.containsKey(name);
  }
}
