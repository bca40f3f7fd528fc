package dev.unroll.interop.onnx;

import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operators;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where values of a graph come from and go to, through nodes that only move them. */
final class GraphTrace {

  /** Operators that give on what they receive, in another shape at most. */
  private static final Set<String> MOVING =
      Set.of(
          "Identity",
          "Cast",
          "Dropout",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Reshape",
          "Concat",
          "Flatten",
          "Slice",
          "Split");

  /** Operators that constants of states are made by. */
  private static final Set<String> CONSTANT =
      Set.of(
          "Constant",
          "ConstantOfShape",
          "Expand",
          "Identity",
          "Cast",
          "Concat",
          "Slice",
          "Squeeze",
          "Unsqueeze",
          "Gather",
          "Transpose",
          "Reshape",
          "Split");

  /** States are small; nothing larger is computed here. */
  private static final long MOST_ELEMENTS = 1 << 22;

  /** Since this version of the format an initializer that is an input may be replaced by a run. */
  private static final int REPLACEABLE = 4;

  private final Graph graph;
  private final int opset;
  private final boolean replaceable;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Set<String> inputs = new HashSet<>();
  private final Set<String> outputs = new HashSet<>();

  GraphTrace(ModelGraph model) {
    graph = model.graph();
    opset = model.opset("");
    replaceable = model.origin().irVersion() >= REPLACEABLE;
    for (Node node : graph.nodes()) {
      node.outputs().forEach(each -> producers.put(each, node));
      node.inputs()
          .forEach(each -> readers.computeIfAbsent(each, x -> new ArrayList<>()).add(node));
    }
    graph.inputs().stream()
        .map(Value::name)
        .filter(each -> !graph.initializers().containsKey(each))
        .forEach(inputs::add);
    graph.outputs().forEach(each -> outputs.add(each.name()));
  }

  /** An axis of an input of the graph. */
  record Axis(String input, int axis) {}

  /** The input of the graph, and the axis of it, that an axis of a value is; none if not one. */
  Optional<Axis> axis(String value, int axis) {
    String name = value;
    int place = axis;
    for (Node node = producers.get(name); node != null; node = producers.get(name)) {
      switch (node.operator()) {
        case "Identity", "Cast", "Dropout" -> name = node.inputs().getFirst();
        case "Transpose" -> {
          List<Long> order = node.attributes().numbers("perm", List.of());
          if (place >= order.size()) {
            return Optional.empty();
          }
          place = Math.toIntExact(order.get(place));
          name = node.inputs().getFirst();
        }
        case "Gather" -> { // an embedding: its indices' axes come first
          boolean table = graph.initializers().containsKey(node.inputs().getFirst());
          if (!table || node.attributes().number("axis", 0) != 0) {
            return Optional.empty();
          }
          name = node.inputs().get(1);
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return inputs.contains(name) ? Optional.of(new Axis(name, place)) : Optional.empty();
  }

  /** Whether a value comes from an input of the graph through nodes that move it. */
  boolean comesFromInput(String value) {
    var open = new ArrayDeque<String>(List.of(value));
    var seen = new HashSet<String>();
    while (!open.isEmpty()) {
      String name = open.pop();
      if (inputs.contains(name)) {
        return true;
      }
      Node node = producers.get(name);
      if (node != null && MOVING.contains(node.operator()) && seen.add(name)) {
        open.push(node.inputs().getFirst());
      }
    }
    return false;
  }

  /** Whether a value is an output of the graph, through nodes that move it. */
  boolean becomesOutput(String value) {
    var open = new ArrayDeque<String>(List.of(value));
    var seen = new HashSet<String>();
    while (!open.isEmpty()) {
      String name = open.pop();
      if (outputs.contains(name)) {
        return true;
      }
      for (Node node : readers.getOrDefault(name, List.of())) {
        if (MOVING.contains(node.operator()) && seen.add(name + "\n" + node.outputs())) {
          open.addAll(node.outputs());
        }
      }
    }
    return false;
  }

  /** The value that is the same in each run, if it is one and small. */
  Optional<Tensor> constant(String value) {
    var needed = new HashSet<Node>();
    var open = new ArrayDeque<String>(List.of(value));
    while (!open.isEmpty()) {
      Node node = producers.get(open.pop());
      if (node != null && CONSTANT.contains(node.operator()) && needed.add(node)) {
        open.addAll(node.inputs());
      }
    }
    var known = new HashMap<>(graph.initializers());
    if (replaceable) {
      graph.inputs().forEach(each -> known.remove(each.name()));
    }
    for (Node node : graph.nodes()) {
      if (needed.contains(node)) {
        compute(node, known);
      }
    }
    return Optional.ofNullable(known.get(value));
  }

  private void compute(Node node, Map<String, Tensor> known) {
    List<@Nullable Tensor> given = new ArrayList<>();
    for (String name : node.inputs()) {
      Tensor tensor = known.get(name);
      if (tensor == null && !name.isEmpty()) {
        return;
      }
      given.add(tensor);
    }
    if (isLarge(node, given)) {
      return;
    }
    var call = new Call(node.attributes(), opset, given, node.outputs().size());
    try {
      Operators.STANDARD
          .find(node.domain(), node.operator(), opset)
          .map(operator -> operator.run(call))
          .ifPresent(
              values -> {
                for (int i = 0; i < Math.min(values.size(), node.outputs().size()); i++) {
                  known.put(node.outputs().get(i), values.get(i));
                }
              });
    } catch (IllegalArgumentException | ArithmeticException e) {
      // a node that cannot run says so in a run; here its value is not known
    }
  }

  private static boolean isLarge(Node node, List<@Nullable Tensor> given) {
    Tensor shape =
        switch (node.operator()) {
          case "ConstantOfShape" -> given.get(0);
          case "Expand" -> given.size() > 1 ? given.get(1) : null;
          default -> null;
        };
    long size = 1;
    for (long axis : shape == null ? new long[0] : shape.longs()) {
      size = axis < 0 || axis > MOST_ELEMENTS ? Long.MAX_VALUE : size * axis;
      if (size > MOST_ELEMENTS) {
        return true;
      }
    }
    long all = given.stream().mapToLong(each -> each == null ? 0 : each.size()).sum();
    return all > MOST_ELEMENTS || size * Math.max(1, all) > MOST_ELEMENTS * 64L;
  }
}
