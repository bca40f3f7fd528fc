package dev.unroll.interop.chain;

import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.onnx.op.Operators;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The constants of a graph: initializers, and what rearranges them. Exporters cut and stack weights
 * so; what computes is not folded, and nothing that is folded is larger than what it is made of.
 */
final class Folded {

  private static final Set<String> REARRANGE =
      Set.of(
          "Constant",
          "Identity",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Concat",
          "Slice",
          "Split",
          "Reshape",
          "Cast");

  /** What gives zeros of zeros, whatever their shape, and nothing new of anything else. */
  private static final Set<String> REPEATING =
      Set.of(
          "Identity",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Slice",
          "Split",
          "Reshape",
          "Cast",
          "Expand",
          "Tile",
          "Gather");

  private static final int BYTES = 8;

  private final ModelGraph model;
  private final MemoryLimit limit = MemoryLimit.ofHeap();
  private final Map<String, Tensor> constants;

  /** Values that are zeros of a shape that depends on the input. */
  private final Set<String> zeros = new HashSet<>();

  /** Of each constant that was asked for, whether it is all zeros: looked at once. */
  private final Map<String, Boolean> zeroConstants = new HashMap<>();

  /** The inputs of the graph, and parts of them: states of all layers may come in one. */
  private final Set<String> inputs = new HashSet<>();

  Folded(ModelGraph model) {
    this.model = model;
    Graph graph = model.graph();
    constants = new HashMap<>(graph.initializers());
    graph.inputs().forEach(input -> inputs.add(input.name()));
    graph.nodes().forEach(this::fold);
  }

  /** The value of a constant; null where it is none. */
  @Nullable Tensor constant(String name) {
    return constants.get(name);
  }

  /** The only element of a constant whole number; null where it is none. */
  @Nullable Long whole(String name) {
    Tensor tensor = constants.get(name);
    return tensor != null && tensor.size() == 1 && tensor.type().isInteger()
        ? tensor.longs()[0]
        : null;
  }

  /** Whether a value is all zeros, or is left out. */
  boolean isZero(String name) {
    return name.isEmpty()
        || zeros.contains(name)
        || zeroConstants.computeIfAbsent(name, each -> isZero(constants.get(each)));
  }

  private static boolean isZero(@Nullable Tensor tensor) {
    return tensor != null
        && tensor.type().isFloating()
        && Arrays.stream(tensor.doubles()).allMatch(each -> each == 0);
  }

  /** Whether a value is an input of the graph, or a part of one. */
  boolean isInput(String name) {
    return inputs.contains(name);
  }

  private void fold(Node node) {
    boolean known = node.inputs().stream().allMatch(name -> name.isEmpty() || has(name));
    if (known && REARRANGE.contains(node.operator()) && Graph.in(node).isEmpty()) {
      int opset = model.opset(node.domain());
      Optional<Operator> operator = Operators.STANDARD.find(node.domain(), node.operator(), opset);
      operator.ifPresent(each -> run(node, each, opset));
    } else if (isOfZeros(node)) {
      zeros.addAll(node.outputs());
    } else if (isRepeating(node) && inputs.contains(node.inputs().getFirst())) {
      inputs.addAll(node.outputs());
    }
  }

  private boolean has(String name) {
    return constants.containsKey(name);
  }

  private void run(Node node, Operator operator, int opset) {
    var tensors = new ArrayList<@Nullable Tensor>();
    long elements = 0;
    for (String name : node.inputs()) {
      Tensor tensor = constants.get(name);
      tensors.add(tensor);
      elements += tensor == null ? 0 : tensor.size();
    }
    limit.take(node.label(), elements * BYTES);
    var call = new Call(node.attributes(), opset, tensors, node.outputs().size());
    List<Tensor> results = operator.run(call);
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.outputs().get(i).isEmpty()) {
        constants.put(node.outputs().get(i), results.get(i));
      }
    }
  }

  private boolean isOfZeros(Node node) {
    return switch (node.operator()) {
      case "ConstantOfShape" -> {
        Tensor value = node.attributes().tensor("value").orElse(null);
        yield value == null || value.doubles()[0] == 0;
      }
      case "Concat" -> node.inputs().stream().allMatch(name -> !name.isEmpty() && isZero(name));
      default -> isRepeating(node) && isZero(node.inputs().getFirst());
    };
  }

  private static boolean isRepeating(Node node) {
    return REPEATING.contains(node.operator())
        && !node.inputs().isEmpty()
        && !node.inputs().getFirst().isEmpty();
  }
}
