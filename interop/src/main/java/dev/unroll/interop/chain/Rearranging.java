package dev.unroll.interop.chain;

import dev.unroll.base.PoolingKind;
import dev.unroll.interop.chain.Flow.Stage;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What moves, drops or picks parts of values on the way and computes nothing. */
record Rearranging(Folded constants) {

  /** ONNX's numbers of float, float16, double and bfloat16. */
  private static final Set<Long> FLOATING = Set.of(1L, 10L, 11L, 16L);

  /** The value of a node that has one input on the way. */
  Flow of(Node node, Flow x) {
    return switch (node.operator()) {
      case "Identity", "Dropout" -> x;
      case "Cast" -> cast(node, x);
      case "Transpose" -> transposed(node, x);
      case "Squeeze" -> squeezed(node, x);
      case "Unsqueeze" -> unsqueezed(node, x);
      case "Reshape" -> reshaped(node, x);
      case "Slice" -> sliced(node, x);
      case "ReduceMean" -> reduced(node, x, PoolingKind.MEAN);
      case "ReduceMax" -> reduced(node, x, PoolingKind.MAX);
      default -> throw NoLayerException.of(node);
    };
  }

  /** Numbers may become other numbers with a fraction, ids other whole numbers. */
  private static Flow cast(Node node, Flow x) {
    boolean floating = FLOATING.contains(node.attributes().number("to", 0));
    if (floating != (x.stage() != Stage.TOKENS)) {
      throw NoLayerException.of(node);
    }
    return x;
  }

  private static Flow transposed(Node node, Flow x) {
    int rank = x.axes().size();
    List<Long> usual = LongStream.iterate(rank - 1L, i -> i - 1).limit(rank).boxed().toList();
    List<Long> order = node.attributes().numbers("perm", usual);
    if (order.size() != rank) {
      throw NoLayerException.of(node);
    }
    var axes = order.stream().map(place -> x.axes().get(x.place(place))).toList();
    return x.withAxes(axes);
  }

  /** The axes that an attribute or, in newer versions, an input names; null for all. */
  private @Nullable List<Long> axes(Node node, int input) {
    if (input < node.inputs().size() && !node.inputs().get(input).isEmpty()) {
      Tensor tensor = constants.constant(node.inputs().get(input));
      if (tensor == null) {
        throw NoLayerException.of(node);
      }
      return Arrays.stream(tensor.longs()).boxed().toList();
    }
    return node.attributes().has("axes") ? node.attributes().numbers("axes", List.of()) : null;
  }

  private Flow squeezed(Node node, Flow x) {
    List<Long> named = axes(node, 1);
    if (named == null) {
      throw NoLayerException.of(node);
    }
    var places = new TreeSet<Integer>(Collections.reverseOrder());
    named.forEach(axis -> places.add(x.place(axis)));
    Flow left = x;
    for (int place : places) {
      Axis axis = x.axes().get(place);
      if (axis != Axis.ONE && !(axis == Axis.WAY && x.ways().size() == 1)) {
        throw NoLayerException.of(node);
      }
      left = left.without(place);
    }
    return left;
  }

  private Flow unsqueezed(Node node, Flow x) {
    List<Long> named = axes(node, 1);
    if (named == null) {
      throw NoLayerException.of(node);
    }
    int rank = x.axes().size() + named.size();
    var places = new TreeSet<Integer>();
    named.forEach(axis -> places.add((int) (axis < 0 ? axis + rank : axis)));
    var axes = new ArrayList<>(x.axes());
    for (int place : places) {
      if (place < 0 || place > axes.size()) {
        throw NoLayerException.of(node);
      }
      axes.add(place, Axis.ONE);
    }
    return x.withAxes(axes);
  }

  /** Directions beside one another become features; the first two axes become one. */
  private Flow reshaped(Node node, Flow x) {
    Tensor shape = node.inputs().size() > 1 ? constants.constant(node.inputs().get(1)) : null;
    if (shape == null) {
      throw NoLayerException.of(node);
    }
    long[] lengths = shape.longs();
    int rank = x.axes().size();
    boolean joins =
        rank >= 3
            && x.axes().subList(rank - 2, rank).equals(List.of(Axis.WAY, Axis.FEATURE))
            && x.stage() == Stage.STEPS
            && lengths.length == rank - 1
            && Arrays.stream(lengths, 0, rank - 2).allMatch(length -> length == 0);
    if (joins) {
      return x.without(rank - 2);
    }
    boolean flattens =
        rank == 3
            && x.endsWithFeatures()
            && lengths.length == 2
            && lengths[0] == -1
            && lengths[1] == width(x);
    if (flattens && x.stage() != Stage.TOKENS && x.pooling() == null) {
      return x.withAxes(List.of(Axis.BOTH, Axis.FEATURE));
    }
    throw NoLayerException.of(node);
  }

  /** How many numbers a step has; 0 where nothing says so. */
  private static int width(Flow x) {
    Trail trail = x.trail();
    PortableHead head = trail.head();
    PortableLayer layer = trail.last();
    Tensor embedding = trail.embedding();
    if (head != null) {
      return head.outputs();
    }
    if (layer != null) {
      return x.isWhole() ? layer.outputs() : 0;
    }
    return embedding == null ? 0 : embedding.shape().axis(1);
  }

  /** One step of all, or one direction or layer of several. */
  Flow picked(Node node, Flow x) {
    int place = x.place(node.attributes().number("axis", 0));
    Axis axis = x.axes().get(place);
    String name = node.inputs().get(1);
    Long index = constants.whole(name);
    Tensor indices = constants.constant(name);
    if (index == null || indices == null) {
      throw NoLayerException.of(node);
    }
    boolean kept = indices.shape().rank() > 0;
    if (axis == Axis.WAY) {
      int way = (int) (index < 0 ? index + x.ways().size() : index);
      if (way < 0 || way >= x.ways().size()) {
        throw NoLayerException.of(node);
      }
      Flow one = x.withWays(List.of(x.ways().get(way)));
      return kept ? one : one.without(place);
    }
    PortableLayer layer = x.trail().last();
    boolean last =
        axis == x.trail().time()
            && index == -1
            && x.stage() == Stage.STEPS
            && layer != null
            && !layer.readsBothWays()
            && layer.forward() != null;
    if (!last) {
      throw NoLayerException.of(node);
    }
    return x.pooled(PoolingKind.LAST, place, kept);
  }

  /** Some of several directions and layers. */
  private Flow sliced(Node node, Flow x) {
    Long from = bound(node, 1, "starts");
    Long to = bound(node, 2, "ends");
    Long axis = bound(node, 3, "axes");
    Long step = node.inputs().size() > 4 ? constants.whole(node.inputs().get(4)) : Long.valueOf(1);
    if (from == null || to == null || axis == null || step == null || step != 1) {
      throw NoLayerException.of(node);
    }
    if (x.axes().get(x.place(axis)) != Axis.WAY) {
      throw NoLayerException.of(node);
    }
    int count = x.ways().size();
    int begin = Math.clamp(from < 0 ? from + count : from, 0, count);
    int end = Math.clamp(to < 0 ? to + count : to, 0, count);
    if (begin >= end) {
      throw NoLayerException.of(node);
    }
    return x.withWays(x.ways().subList(begin, end));
  }

  private @Nullable Long bound(Node node, int input, String attribute) {
    if (input < node.inputs().size()) {
      return constants.whole(node.inputs().get(input));
    }
    List<Long> values = node.attributes().numbers(attribute, List.of());
    return values.size() == 1 ? values.getFirst() : null;
  }

  private Flow reduced(Node node, Flow x, PoolingKind kind) {
    List<Long> named = axes(node, 1);
    if (named == null || named.size() != 1 || x.stage() != Stage.STEPS || x.pooling() != null) {
      throw NoLayerException.of(node);
    }
    int place = x.place(named.getFirst());
    if (x.axes().get(place) != x.trail().time() || !x.endsWithFeatures() || x.axes().size() != 3) {
      throw NoLayerException.of(node);
    }
    return x.pooled(kind, place, node.attributes().number("keepdims", 1) != 0);
  }

  /** The last states of all ways of the last layer, as features. */
  Flow lastOf(Node node, Flow x) {
    boolean whole =
        x.isWhole()
            && x.endsWithFeatures()
            && x.axes().stream().noneMatch(axis -> axis == Axis.BOTH);
    if (!whole) {
      throw NoLayerException.of(node);
    }
    return x.withStage(Stage.STEPS).pooled(PoolingKind.LAST);
  }
}
