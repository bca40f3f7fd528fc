package dev.unroll.interop.chain;

import dev.unroll.interop.chain.Flow.Stage;
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
  private static final Set<Stage> STAGES = Set.of(Stage.STEPS, Stage.OUTPUT, Stage.SHARES);

  private static final int MOST_WAYS = 1024;

  /** More are no network that somebody trained. */
  private static final int MOST_LAYERS = 1024;

  /** The first version of the operators in which a softmax is that of one axis. */
  private static final int ONE_AXIS = 13;

  private final Folded constants;
  private final int opset;
  private final Rearranging rearranging;

  Chain(Folded constants, int opset) {
    this.constants = constants;
    this.opset = opset;
    rearranging = new Rearranging(constants);
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
      return Optional.of(new Flow(steps, Stage.TOKENS, List.of(), null, Trail.START));
    }
    boolean isState = input.name().matches("(?i).*(state|hidden|cell|^h|^c).*");
    if (type.isFloating() && axes.size() == 3 && !isState) {
      var all = List.of(Axis.FIRST, Axis.SECOND, Axis.FEATURE);
      return Optional.of(new Flow(all, Stage.STEPS, List.of(), null, Trail.START));
    }
    return Optional.empty();
  }

  /** Whether a value can be the answer of the network. */
  static boolean isEnd(Flow flow) {
    return flow.trail().count() > 0
        && STAGES.contains(flow.stage())
        && flow.isWhole()
        && flow.endsWithFeatures();
  }

  /** The network that ends with a value. */
  static PortableNetwork network(Flow end) {
    Trail trail = end.trail();
    return new PortableNetwork(trail.embedding(), trail.layers(), end.pooling(), trail.head());
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
      default -> put(node, flows, rearranging.of(node, of(node, 0, flows)));
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
    boolean first = recurrent.batchFirst();
    int steps = first ? 1 : 0;
    boolean fits =
        x.stage() == Stage.STEPS
            && x.pooling() == null
            && x.endsWithFeatures()
            && x.isWhole()
            && x.trail().count() < MOST_LAYERS;
    Axis axis = x.axes().size() == 3 ? x.axes().get(steps) : Axis.ONE;
    Axis time = x.trail().time();
    if (!fits || axis == Axis.ONE || (time != null && time != axis)) {
      throw NoLayerException.of(node);
    }
    PortableLayer layer = recurrent.layer();
    Trail trail = x.trail().withLayer(layer, axis, finding(layer, recurrent));
    Axis batch = x.axes().get(1 - steps);
    var all =
        first
            ? List.of(batch, axis, Axis.WAY, Axis.FEATURE)
            : List.of(axis, Axis.WAY, batch, Axis.FEATURE);
    var last =
        first ? List.of(batch, Axis.WAY, Axis.FEATURE) : List.of(Axis.WAY, batch, Axis.FEATURE);
    put(node, 0, flows, new Flow(all, Stage.STEPS, trail.ways(), null, trail));
    put(node, 1, flows, new Flow(last, Stage.LAST, trail.ways(), null, trail));
  }

  private static String finding(PortableLayer layer, RecurrentNode node) {
    return layer.cell().form().label()
        + " of "
        + layer.cell().units()
        + " units"
        + (layer.readsBothWays() ? ", bidirectional" : "")
        + (node.isGivenStates() ? ", from zeros: the graph takes its states as inputs" : "");
  }

  private static void put(Node node, int output, Map<String, Flow> flows, Flow flow) {
    if (output < node.outputs().size() && !node.outputs().get(output).isEmpty()) {
      flows.put(node.outputs().get(output), flow);
    }
  }

  /** States of several layers, or the last states of both ways. */
  private Flow concat(Node node, Map<String, Flow> flows) {
    Flow first = of(node, 0, flows);
    Axis axis = first.axes().get(first.place(node.attributes().number("axis", 0)));
    var ways = new ArrayList<Way>();
    Trail trail = first.trail();
    for (int i = 0; i < node.inputs().size(); i++) {
      Flow each = of(node, i, flows);
      trail = each.trail().continues(trail) ? each.trail() : trail;
      if (!each.axes().equals(first.axes())
          || each.stage() != Stage.LAST
          || !trail.continues(each.trail())) {
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
    return first.withWays(ways).withTrail(trail);
  }

  private Flow gather(Node node, Map<String, Flow> flows) {
    Tensor table = constant(node, 0);
    if (table == null) {
      return rearranging.picked(node, of(node, 0, flows));
    }
    Flow ids = of(node, 1, flows);
    if (ids.stage() != Stage.TOKENS
        || table.shape().rank() != 2
        || node.attributes().number("axis", 0) != 0) {
      throw NoLayerException.of(node);
    }
    String finding = "embedding " + node.inputs().getFirst() + ", " + table.shape();
    var axes = new ArrayList<>(ids.axes());
    axes.add(Axis.FEATURE);
    Trail trail = ids.trail().withEmbedding(table, finding);
    return ids.withAxes(axes).withStage(Stage.STEPS).withTrail(trail);
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
    return own == null ? output : biased(node, output, own);
  }

  /** The linear layer, of which there is one. */
  private Flow product(Node node, Map<String, Flow> flows, boolean transposed) {
    Flow x = of(node, 0, flows);
    Tensor matrix = constant(node, 1);
    Flow end = x.stage() == Stage.LAST ? rearranging.lastOf(node, x) : x;
    boolean fits =
        end.trail().count() > 0
            && end.stage() == Stage.STEPS
            && end.endsWithFeatures()
            && end.isWhole();
    if (!fits || matrix == null || matrix.shape().rank() != 2) {
      throw NoLayerException.of(node);
    }
    Tensor weight = transposed ? matrix : Matrices.transposed(matrix);
    String finding = "linear layer " + node.inputs().get(1) + ", " + weight.shape();
    Trail trail = end.trail().withHead(new PortableHead(weight, null, false), finding);
    return end.withStage(Stage.OUTPUT).withTrail(trail);
  }

  private Flow add(Node node, Map<String, Flow> flows) {
    int other = constant(node, 0) == null ? 1 : 0;
    Flow x = of(node, 1 - other, flows);
    Tensor own = constant(node, other);
    if (own == null) {
      throw NoLayerException.of(node);
    }
    return biased(node, x, own);
  }

  /** A bias, which has one number for each output and is added along the features. */
  private static Flow biased(Node node, Flow x, Tensor own) {
    PortableHead head = x.trail().head();
    if (x.stage() == Stage.SHARES) {
      throw NoLayerException.of(node, "adds numbers to probabilities");
    }
    int rank = own.shape().rank();
    if (x.stage() != Stage.OUTPUT
        || head == null
        || head.bias() != null
        || !x.endsWithFeatures()
        || rank == 0
        || rank > x.axes().size()
        || own.shape().axis(rank - 1) != head.outputs()
        || own.size() != head.outputs()) {
      throw NoLayerException.of(node);
    }
    var biased = new PortableHead(head.weight(), Matrices.vector(own), head.sigmoids());
    return x.withTrail(x.trail().withHead(biased));
  }

  /** The function of the outputs, after which nothing more may be computed. */
  private Flow shares(Node node, Map<String, Flow> flows) {
    Flow x = of(node, 0, flows);
    PortableHead head = x.trail().head();
    if (x.stage() == Stage.SHARES) {
      throw NoLayerException.of(node, "is a second activation");
    }
    if (x.stage() != Stage.OUTPUT || head == null) {
      throw NoLayerException.of(node);
    }
    boolean sigmoid = node.operator().equals("Sigmoid");
    if (!sigmoid && !isOverFeatures(node, x)) {
      throw NoLayerException.of(node, "is not along the outputs of the linear layer");
    }
    var activated = new PortableHead(head.weight(), head.bias(), sigmoid);
    return x.withStage(Stage.SHARES).withTrail(x.trail().withHead(activated));
  }

  /** Before version 13 a softmax is that of all axes from one on, together. */
  private boolean isOverFeatures(Node node, Flow x) {
    if (opset >= ONE_AXIS) {
      return x.axes().get(x.place(node.attributes().number("axis", -1))) == Axis.FEATURE;
    }
    int from = x.place(node.attributes().number("axis", 1));
    List<Axis> together = x.axes().subList(from, x.axes().size());
    return together.contains(Axis.FEATURE)
        && together.stream().allMatch(axis -> axis == Axis.FEATURE || axis == Axis.ONE);
  }
}
