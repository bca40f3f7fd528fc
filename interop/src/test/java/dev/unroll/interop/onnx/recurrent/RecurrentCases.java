package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Nodes with random weights, unequal all of them, start states and ragged lengths. */
final class RecurrentCases {

  /** Sizes of a case. */
  record Sizes(int steps, int batch, int inputs, int hidden) {}

  static final Sizes SMALL = new Sizes(7, 5, 3, 6);

  private RecurrentCases() {}

  /** A node with everything: biases, lengths, start states and, for the LSTM, peepholes. */
  static NodeCase full(RecurrentKind kind, String direction, Sizes sizes, long seed) {
    var random = new Random(seed);
    int ways = direction.equals("bidirectional") ? 2 : 1;
    int width = kind.gates() * sizes.hidden();
    var lengths = new long[sizes.batch()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = 1 + (row * 5 + 2) % sizes.steps();
    }
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(uniform(random, 1, sizes.steps(), sizes.batch(), sizes.inputs()));
    inputs.add(uniform(random, 0.7, ways, width, sizes.inputs()));
    inputs.add(uniform(random, 0.5, ways, width, sizes.hidden()));
    inputs.add(uniform(random, 0.4, ways, 2 * width));
    inputs.add(Tensor.adopt(ElementType.INT32, Shape.of(sizes.batch()), lengths));
    inputs.add(uniform(random, 0.9, ways, sizes.batch(), sizes.hidden()));
    if (kind == RecurrentKind.LSTM) {
      inputs.add(uniform(random, 1.3, ways, sizes.batch(), sizes.hidden()));
      inputs.add(uniform(random, 0.6, ways, 3 * sizes.hidden()));
    }
    Map<String, Object> attributes =
        Map.of("direction", direction, "hidden_size", (long) sizes.hidden());
    return new NodeCase("", kind.name(), attributes, inputs, kind == RecurrentKind.LSTM ? 3 : 2);
  }

  static Tensor uniform(Random random, double most, int... axes) {
    var values = new float[Shape.of(axes).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * most);
    }
    return Tensor.of(values, axes);
  }

  /** The same node with double numbers. */
  static NodeCase inDouble(NodeCase node) {
    NodeCase other = node;
    for (int i = 0; i < node.inputs().size(); i++) {
      Tensor tensor = node.inputs().get(i);
      if (tensor != null && tensor.type() == ElementType.FLOAT) {
        other =
            other.withInput(i, Tensor.adopt(ElementType.DOUBLE, tensor.shape(), tensor.doubles()));
      }
    }
    return other;
  }

  /** The same node with numbers of 16 bits. */
  static NodeCase in(ElementType type, NodeCase node) {
    NodeCase other = node;
    for (int i = 0; i < node.inputs().size(); i++) {
      Tensor tensor = node.inputs().get(i);
      if (tensor != null && tensor.type() == ElementType.FLOAT) {
        float[] values = tensor.floats();
        for (int j = 0; j < values.length; j++) {
          values[j] = ElementBytes.rounded(values[j], type);
        }
        other = other.withInput(i, Tensor.adopt(type, tensor.shape(), values));
      }
    }
    return other;
  }

  /** The largest difference of two tensors of a shape, relative to 1 and to the second's size. */
  static double difference(Tensor found, Tensor expected) {
    if (!found.shape().equals(expected.shape())) {
      throw new AssertionError(found + " is not " + expected);
    }
    double most = 0;
    double[] a = found.doubles();
    double[] b = expected.doubles();
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(b[i]));
      most = Math.max(most, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return most;
  }

  /** The node's call as it is known before its first run: weights, biases and peepholes. */
  static Call constants(NodeCase node) {
    NodeCase known = node;
    for (int input : List.of(0, 4, 5, 6)) {
      known = known.withInput(input, null);
    }
    return known.call();
  }

  /** Lengths of which every third is zero ({@code kind} 0), or all the same but not all steps. */
  static Tensor lengths(Sizes sizes, int kind) {
    var lengths = new long[sizes.batch()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = kind == 0 ? (row % 3 == 1 ? 0 : sizes.steps()) : (sizes.steps() + 1) / 2;
    }
    return Tensor.adopt(ElementType.INT32, Shape.of(sizes.batch()), lengths);
  }

  /** The same node with its inputs in a layout: sequences before steps and directions in 1. */
  static NodeCase inLayout(NodeCase node, long layout) {
    NodeCase other = node.with("layout", layout);
    for (int input : List.of(0, 5, 6)) {
      Tensor tensor = Shapes.at(node.inputs(), input);
      if (layout == 1 && tensor != null) {
        other = other.withInput(input, exchanged(tensor));
      }
    }
    return other;
  }

  /** The tensor with its first two axes exchanged. */
  static Tensor exchanged(Tensor tensor) {
    int first = tensor.shape().axis(0);
    int second = tensor.shape().axis(1);
    int rest = tensor.size() / Math.max(1, first * second);
    float[] from = tensor.floats();
    var to = new float[from.length];
    for (int i = 0; i < first; i++) {
      for (int j = 0; j < second; j++) {
        System.arraycopy(from, (i * second + j) * rest, to, (j * first + i) * rest, rest);
      }
    }
    var axes = new ArrayList<>(tensor.shape().axes());
    axes.set(0, second);
    axes.set(1, first);
    return Tensor.adopt(tensor.type(), new Shape(axes), to);
  }

  /** One place of the first axis, which stays with a length of 1. */
  static Tensor part(Tensor tensor, int index) {
    var axes = new ArrayList<>(tensor.shape().axes());
    int size = tensor.size() / axes.set(0, 1);
    Object elements =
        tensor.elements() instanceof long[] longs
            ? Arrays.copyOfRange(longs, index * size, (index + 1) * size)
            : Arrays.copyOfRange(tensor.floats(), index * size, (index + 1) * size);
    return Tensor.adopt(tensor.type(), new Shape(axes), elements);
  }

  /** Outputs of layout 1 as layout 0 has them. */
  static List<Tensor> inLayout0(List<Tensor> outputs) {
    var others = new ArrayList<Tensor>();
    for (Tensor output : outputs) {
      Tensor other = exchanged(output); // states, and steps × batch × directions × hidden
      others.add(other.shape().rank() == 3 ? other : stepwiseExchanged(other));
    }
    return others;
  }

  /** The tensor with its second and third axes exchanged. */
  private static Tensor stepwiseExchanged(Tensor tensor) {
    List<Integer> axes = tensor.shape().axes();
    var values = new float[tensor.size()];
    int size = values.length / Math.max(1, axes.get(0));
    for (int step = 0; step < axes.get(0); step++) {
      float[] own = Arrays.copyOfRange(tensor.floats(), step * size, (step + 1) * size);
      Tensor part = Tensor.of(own, axes.get(1), axes.get(2), axes.get(3));
      System.arraycopy(exchanged(part).floats(), 0, values, step * size, size);
    }
    return Tensor.of(values, axes.get(0), axes.get(2), axes.get(1), axes.get(3));
  }
}
