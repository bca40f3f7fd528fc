package dev.unroll.interop.onnx;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Runs a model whose batch has a fixed size with batches of other sizes: each sequence must have
 * the answers that it has in a batch of that size. A constant shape of a Reshape prevents it.
 */
final class BatchTrial {

  /** The length of axes that have none. */
  private static final int STEPS = 3;

  private static final long MOST_STEPS = 100_000;

  private static final double BOUND = 1e-4;

  private final OnnxModel model;
  private final Map<String, Integer> axes;

  private BatchTrial(OnnxModel model, Map<String, Integer> axes) {
    this.model = model;
    this.axes = axes;
  }

  /**
   * Whether a model, cured, takes batches of any size and answers each sequence by itself; false
   * also where it cannot be run to see.
   *
   * @param axes of each input with a batch of fixed size the axis of it
   */
  static boolean isFree(ModelGraph model, Map<String, Integer> axes, List<Cure> cures) {
    var sizes = new TreeSet<Integer>();
    for (Value input : model.graph().inputs()) {
      Integer axis = axes.get(input.name());
      if (axis != null) {
        String length = Objects.requireNonNull(input.axes()).get(axis);
        sizes.add(length.length() > 4 ? 0 : Integer.parseInt(length));
      }
    }
    if (sizes.size() != 1 || sizes.first() == 0) {
      return false;
    }
    try {
      var opened = OnnxModel.of(opened(model, axes, cures), "the model").withMaxSteps(MOST_STEPS);
      return new BatchTrial(opened, axes).isFree(sizes.first());
    } catch (InputException e) { // what does not run is not free
      return false;
    }
  }

  private static ModelGraph opened(ModelGraph model, Map<String, Integer> axes, List<Cure> cures) {
    Graph graph = model.graph();
    List<Value> inputs = graph.inputs().stream().map(each -> opened(each, axes)).toList();
    List<Node> nodes = graph.nodes().stream().map(each -> cured(each, cures)).toList();
    var opened =
        new Graph(
            graph.name(), inputs, graph.outputs(), graph.initializers(), nodes, graph.captured());
    return new ModelGraph(opened, model.opsets(), model.origin());
  }

  private static Value opened(Value input, Map<String, Integer> axes) {
    Integer axis = axes.get(input.name());
    if (axis == null || input.axes() == null) {
      return input;
    }
    var lengths = new ArrayList<>(input.axes());
    lengths.set(axis, "?");
    return new Value(input.name(), input.type(), lengths);
  }

  /** Without the states of zeros that a repair leaves out. */
  private static Node cured(Node node, List<Cure> cures) {
    var inputs = new ArrayList<>(node.inputs());
    for (Cure each : cures) {
      if (each.fault() == Fault.CONSTANT_STATE && each.node().outputs().equals(node.outputs())) {
        inputs.set(each.place(), "");
      }
    }
    return new Node(
        node.name(), node.domain(), node.operator(), inputs, node.outputs(), node.attributes());
  }

  private boolean isFree(int size) {
    Map<String, Tensor> expected = model.run(inputs(size));
    for (int other : List.of(size + 1, 2 * size + 1)) {
      Map<String, Tensor> found = model.run(inputs(other));
      for (var each : expected.entrySet()) {
        Tensor more = Objects.requireNonNull(found.get(each.getKey()));
        if (!begins(more, other, each.getValue(), size)) {
          return false;
        }
      }
    }
    return true;
  }

  private Map<String, Tensor> inputs(int batch) {
    var inputs = new HashMap<String, Tensor>();
    for (Value each : model.inputs()) {
      inputs.put(each.name(), input(each, batch));
    }
    return inputs;
  }

  /** Numbers that a sequence has in a batch of any size. */
  private Tensor input(Value value, int batch) {
    if (value.axes() == null) {
      throw new InputException("an input of any shape", "Give it axes.");
    }
    int rank = value.axes().size();
    int place = axes.getOrDefault(value.name(), -1);
    var lengths = new int[rank];
    for (int i = 0; i < rank; i++) {
      String axis = value.axes().get(i);
      lengths[i] = axis.matches("[0-9]{1,9}") ? Integer.parseInt(axis) : STEPS;
    }
    int rows = 1;
    int inner = 1;
    if (place >= 0) {
      lengths[place] = batch;
      rows = batch;
      for (int i = place + 1; i < rank; i++) {
        inner *= lengths[i];
      }
    }
    Shape shape = Shape.of(lengths);
    var numbers = new double[shape.size()];
    for (int i = 0; i < numbers.length; i++) {
      int row = i / inner % rows;
      int rest = i / inner / rows * inner + i % inner;
      numbers[i] = number(value.name(), row, rest);
    }
    return tensor(value.type() == null ? ElementType.FLOAT : value.type(), shape, numbers);
  }

  /** In [-0.5, 0.5), other ones in each row, with bits that all types have. */
  private static double number(String name, int row, int rest) {
    long mixed = (name.hashCode() * 31L + row) * 0x9E3779B97F4A7C15L + rest;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return ((mixed ^ (mixed >>> 31)) >>> 56) / 256.0 - 0.5;
  }

  /** Whole numbers are 0 or 1, which all tables have. */
  private static Tensor tensor(ElementType type, Shape shape, double[] numbers) {
    if (type == ElementType.DOUBLE) {
      return Tensor.adopt(type, shape, numbers);
    }
    if (type.isInteger()) {
      long[] wholes = Arrays.stream(numbers).mapToLong(each -> each < 0 ? 0 : 1).toArray();
      return Tensor.adopt(type, shape, wholes);
    }
    if (!type.isFloating()) {
      throw new InputException("an input of " + type.label(), "Give it numbers.");
    }
    var floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return Tensor.adopt(type, shape, floats);
  }

  /** Whether an output has the answers of fewer sequences, and one axis of it more of them. */
  private static boolean begins(Tensor found, int more, Tensor expected, int size) {
    if (!isNumeric(found.type()) || found.shape().rank() != expected.shape().rank()) {
      return false;
    }
    List<Integer> lengths = expected.shape().axes();
    int place = -1;
    int inner = 1;
    for (int i = lengths.size() - 1; i >= 0; i--) {
      int length = lengths.get(i);
      if (found.shape().axis(i) != length) {
        boolean isBatch = length % size == 0 && found.shape().axis(i) == length / size * more;
        if (place >= 0 || !isBatch) {
          return false;
        }
        place = i;
      }
      inner *= place < 0 ? length : 1;
    }
    double[] all = found.doubles();
    double[] few = expected.doubles();
    if (place < 0) {
      return isSame(all, few, 1, 1, 1, few.length);
    }
    int groups = lengths.get(place) / size;
    int outer = few.length / Math.max(1, inner * size);
    // an axis of steps and sequences together has one of them within the other
    return isSame(all, few, more, size, outer, inner)
        || (groups > 1 && isSame(all, few, more, size, outer / groups, inner * groups));
  }

  /** Compares [outer][size][inner] with the beginning of [outer][more][inner]. */
  private static boolean isSame(
      double[] all, double[] few, int more, int size, int outer, int inner) {
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < size * inner; i++) {
        double expected = few[o * size * inner + i];
        double found = all[o * more * inner + i];
        boolean close = Math.abs(found - expected) <= BOUND * Math.max(1, Math.abs(expected));
        if (!close && Double.compare(found, expected) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isNumeric(ElementType type) {
    return type.isFloating() || type.isInteger() || type == ElementType.BOOL;
  }
}
