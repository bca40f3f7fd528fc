package dev.unroll.interop.chain;

import dev.unroll.interop.chain.Flow.Axis;
import dev.unroll.interop.chain.Flow.Stage;
import dev.unroll.interop.chain.Flow.Way;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.PortableNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The layers that are found on the way from the input of a graph to its output. */
final class Chain {

  /** Those that an answer has. */
  private static final Set<Stage> STAGES = Set.of(Stage.STEPS, Stage.OUTPUT);

  private static final int MOST_WAYS = 1024;

  private final Folded constants;
  private final Rearranging rearranging;
  private final List<PortableLayer> layers = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private @Nullable Tensor embedding;
  private @Nullable Axis time;
  private @Nullable Tensor weight;
  private @Nullable Tensor bias;
  private boolean sigmoids;

  Chain(Folded constants) {
    this.constants = constants;
    rearranging = new Rearranging(constants);
  }

  List<String> findings() {
    return findings;
  }

  /** What an input of the graph is: ids, or vectors of steps; nothing else is followed. */
  Optional<Flow> input(Value input) {
    List<String> axes = input.axes();
    ElementType type = input.type();
    if (axes == null || type == null) {
      return Optional.empty();
    }
    var steps = List.of(Axis.FIRST, Axis.SECOND);
    if (type.isInteger() && axes.size() == 2) {
      return Optional.of(new Flow(steps, Stage.TOKENS, List.of(), null));
    }
    boolean isState = input.name().matches("(?i).*(state|hidden|cell|^h|^c).*");
    if (type.isFloating() && axes.size() == 3 && !isState) {
      var all = List.of(Axis.FIRST, Axis.SECOND, Axis.FEATURE);
      return Optional.of(new Flow(all, Stage.STEPS, List.of(), null));
    }
    return Optional.empty();
  }

  /** Whether a value can be the answer of the network. */
  boolean isEnd(Flow flow) {
    return !layers.isEmpty() && STAGES.contains(flow.stage()) && flow.endsWithFeatures();
  }

  /** The network that ends with a value. */
  PortableNetwork network(Flow end) {
    PortableHead head = weight == null ? null : new PortableHead(weight, bias, sigmoids);
    return new PortableNetwork(embedding, layers, end.pooling(), head);
  }

  /** Adds what a node computes of the values that are followed. */
  void follow(Node node, Map<String, Flow> flows) {
    switch (node.operator()) {
      case "RNN", "GRU", "LSTM" -> recurrent(node, flows);
      case "Concat" -> put(node, flows, concat(node, flows));
      case "Gather" -> put(node, flows, gather(node, flows));
      case "MatMul" -> put(node, flows, product(node, flows, false));
      case "Gemm" -> put(node, flows, gemm(node, flows));
      case "Add" -> put(node, flows, add(node, flows));
      case "Softmax", "LogSoftmax", "Sigmoid" -> put(node, flows, shares(node, flows));
      default -> put(node, flows, rearranging.of(node, of(node, 0, flows), time));
    }
  }

  private static void put(Node node, Map<String, Flow> flows, Flow flow) {
    flows.put(node.outputs().getFirst(), flow);
  }

  private static Flow of(Node node, int input, Map<String, Flow> flows) {
    Flow flow = input < node.inputs().size() ? flows.get(node.inputs().get(input)) : null;
    if (flow == null) {
      throw NoLayerException.of(node);
    }
    return flow;
  }

  private @Nullable Tensor constant(Node node, int input) {
    return input < node.inputs().size() ? constants.constant(node.inputs().get(input)) : null;
  }

  private void recurrent(Node node, Map<String, Flow> flows) {
    Flow x = of(node, 0, flows);
    var recurrent = new RecurrentNode(node, constants);
    int steps = recurrent.batchFirst() ? 1 : 0;
    boolean fits =
        x.stage() == Stage.STEPS
            && x.pooling() == null
            && x.axes().size() == 3
            && x.endsWithFeatures()
            && isOutputOf(x, layers.size() - 1);
    Axis axis = x.axes().get(steps);
    if (!fits || axis == Axis.ONE || (time != null && time != axis)) {
      throw NoLayerException.of(node);
    }
    time = axis;
    PortableLayer layer = recurrent.layer();
    int index = layers.size();
    layers.add(layer);
    findings.add(
        layer.cell().form().label()
            + " of "
            + layer.cell().units()
            + " units"
            + (layer.readsBothWays() ? ", bidirectional" : "")
            + (recurrent.isGivenStates()
                ? ", from zeros: the graph takes its states as inputs"
                : ""));
    var ways = new ArrayList<Way>();
    if (layer.forward() != null) {
      ways.add(new Way(index, false));
    }
    if (layer.backward() != null) {
      ways.add(new Way(index, true));
    }
    Axis batch = x.axes().get(1 - steps);
    boolean first = recurrent.batchFirst();
    var all =
        first
            ? List.of(batch, axis, Axis.WAY, Axis.FEATURE)
            : List.of(axis, Axis.WAY, batch, Axis.FEATURE);
    var last =
        first ? List.of(batch, Axis.WAY, Axis.FEATURE) : List.of(Axis.WAY, batch, Axis.FEATURE);
    put(node, 0, flows, new Flow(all, Stage.STEPS, ways, null));
    put(node, 1, flows, new Flow(last, Stage.LAST, ways, null));
  }

  private static void put(Node node, int output, Map<String, Flow> flows, Flow flow) {
    if (output < node.outputs().size() && !node.outputs().get(output).isEmpty()) {
      flows.put(node.outputs().get(output), flow);
    }
  }

  /** Whether a value has all of what a layer gives; of -1 the input. */
  private boolean isOutputOf(Flow flow, int layer) {
    return flow.ways().equals(ways(layer));
  }

  private List<Way> ways(int layer) {
    var ways = new ArrayList<Way>();
    if (layer >= 0 && layers.get(layer).forward() != null) {
      ways.add(new Way(layer, false));
    }
    if (layer >= 0 && layers.get(layer).backward() != null) {
      ways.add(new Way(layer, true));
    }
    return ways;
  }

  /** States of several layers, or the last states of both ways. */
  private Flow concat(Node node, Map<String, Flow> flows) {
    Flow first = of(node, 0, flows);
    Axis axis = first.axes().get(first.place(node.attributes().number("axis", 0)));
    var ways = new ArrayList<Way>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Flow each = of(node, i, flows);
      if (!each.axes().equals(first.axes()) || each.stage() != Stage.LAST) {
        throw NoLayerException.of(node);
      }
      ways.addAll(each.ways());
      if (ways.size() > MOST_WAYS) { // a graph can double them over and over
        throw NoLayerException.of(node);
      }
    }
    boolean apart = first.axes().contains(Axis.WAY);
    if (axis != (apart ? Axis.WAY : Axis.FEATURE)) {
      throw NoLayerException.of(node);
    }
    return first.withWays(ways);
  }

  private Flow gather(Node node, Map<String, Flow> flows) {
    Tensor table = constant(node, 0);
    if (table == null) {
      return rearranging.picked(node, of(node, 0, flows), time, layers);
    }
    Flow ids = of(node, 1, flows);
    if (ids.stage() != Stage.TOKENS
        || embedding != null
        || table.shape().rank() != 2
        || node.attributes().number("axis", 0) != 0) {
      throw NoLayerException.of(node);
    }
    embedding = table;
    findings.add("embedding " + node.inputs().getFirst() + ", " + table.shape());
    var axes = new ArrayList<>(ids.axes());
    axes.add(Axis.FEATURE);
    return ids.withAxes(axes).withStage(Stage.STEPS);
  }

  private Flow gemm(Node node, Map<String, Flow> flows) {
    var attributes = node.attributes();
    boolean plain =
        attributes.real("alpha", 1) == 1
            && attributes.real("beta", 1) == 1
            && attributes.number("transA", 0) == 0;
    Tensor own = constant(node, 2);
    if (!plain || (node.inputs().size() > 2 && own == null)) {
      throw NoLayerException.of(node);
    }
    Flow output = product(node, flows, attributes.number("transB", 0) != 0);
    bias = own == null ? null : vector(node, own);
    return output;
  }

  /** The linear layer, of which there is one. */
  private Flow product(Node node, Map<String, Flow> flows, boolean transposed) {
    Flow x = of(node, 0, flows);
    Tensor matrix = constant(node, 1);
    Flow end = x.stage() == Stage.LAST ? rearranging.lastOf(node, x, ways(layers.size() - 1)) : x;
    boolean fits =
        !layers.isEmpty()
            && end.stage() == Stage.STEPS
            && end.endsWithFeatures()
            && isOutputOf(end, layers.size() - 1);
    if (!fits || weight != null || matrix == null || matrix.shape().rank() != 2) {
      throw NoLayerException.of(node);
    }
    weight = transposed ? matrix : Matrices.transposed(matrix);
    findings.add("linear layer " + node.inputs().get(1) + ", " + weight.shape());
    return end.withStage(Stage.OUTPUT);
  }

  private Flow add(Node node, Map<String, Flow> flows) {
    int other = constant(node, 0) == null ? 1 : 0;
    Flow x = of(node, 1 - other, flows);
    Tensor own = constant(node, other);
    if (x.stage() != Stage.OUTPUT || bias != null || own == null) {
      throw NoLayerException.of(node);
    }
    bias = vector(node, own);
    return x;
  }

  private Tensor vector(Node node, Tensor tensor) {
    if (weight == null || tensor.size() != weight.shape().axis(0)) {
      throw NoLayerException.of(node);
    }
    return Matrices.vector(tensor);
  }

  private Flow shares(Node node, Map<String, Flow> flows) {
    Flow x = of(node, 0, flows);
    long axis = node.attributes().number("axis", -1);
    boolean sigmoid = node.operator().equals("Sigmoid");
    if (x.stage() != Stage.OUTPUT || (!sigmoid && x.axes().get(x.place(axis)) != Axis.FEATURE)) {
      throw NoLayerException.of(node);
    }
    sigmoids = sigmoid;
    return x;
  }
}
