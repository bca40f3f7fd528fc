package dev.unroll.interop.chain;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.unroll.interop.onnx.Models;
import dev.unroll.interop.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Graphs of a tagger: embedding, an LSTM whose outputs are {@code y} [time][batch][units] and
 * {@code yb} [batch][time][units], and what a test puts after them.
 */
public final class TaggerGraph {

  /** Words of the vocabulary. */
  public static final int WORDS = 6;

  /** Labels, and with them outputs of the linear layer {@code wo}, {@code bo}. */
  public static final int LABELS = 2;

  private static final int EMBEDDING = 3;
  private static final int UNITS = 4;
  private static final int GATES = 4 * UNITS;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tagger");
  private long seed;

  /** Begins a graph. */
  public TaggerGraph() {
    graph.addInput(Models.value(TensorProto.DataType.INT64, "tokens", "batch", "time"));
    constant("embedding", WORDS, EMBEDDING);
    constant("wo", UNITS, LABELS);
    constant("bo", LABELS);
    shape("one", 1);
    node("Gather", "embedding tokens", "e");
    turn("e", "x");
    lstm("x", "y", EMBEDDING);
    turn("y", "yb");
  }

  /** Adds random numbers, unequal to all others. */
  public TaggerGraph constant(String name, int... axes) {
    var random = new Random(++seed);
    int size = 1;
    for (int axis : axes) {
      size *= axis;
    }
    var values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    graph.addInitializer(Models.tensor(name, Tensor.of(values, axes)));
    return this;
  }

  /** Adds whole numbers, such as a shape. */
  public TaggerGraph shape(String name, long... lengths) {
    graph.addInitializer(Models.tensor(name, Tensor.of(lengths, lengths.length)));
    return this;
  }

  /** Adds a node; attributes are names and values in turn. */
  public TaggerGraph node(String operator, String inputs, String output, Object... attributes) {
    NodeProto.Builder node = Models.node(operator, inputs, output).setName(operator + "_" + output);
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(Models.attribute((String) attributes[i], attributes[i + 1]));
    }
    graph.addNode(node);
    return this;
  }

  /** Adds an LSTM and takes the axis of its direction away: its numbers are those of a name. */
  public TaggerGraph lstm(String input, String output) {
    return lstm(input, output, UNITS);
  }

  private TaggerGraph lstm(String input, String output, int inputs) {
    constant(output + ".w", 1, GATES, inputs);
    constant(output + ".r", 1, GATES, UNITS);
    constant(output + ".b", 1, 2 * GATES);
    String weights = " %1$s.w %1$s.r %1$s.b".formatted(output);
    node("LSTM", input + weights, output + ".ways", "hidden_size", UNITS);
    return node("Squeeze", output + ".ways one", output);
  }

  /** Exchanges the first two axes. */
  public TaggerGraph turn(String input, String output) {
    return node("Transpose", input, output, "perm", new int[] {1, 0, 2});
  }

  /** Adds the linear layer and its bias, {@code z}. */
  public TaggerGraph linear() {
    return node("MatMul", "yb wo", "m").node("Add", "m bo", "z");
  }

  /** Adds an output. */
  public TaggerGraph output(String name) {
    graph.addOutput(Models.floats(name, "?", "?", "?"));
    return this;
  }

  /** Writes the model. */
  public Path write(Path file) throws IOException {
    return write(file, Models.model(graph));
  }

  /** Writes the model with another version of the operators. */
  public Path write(Path file, int opset) throws IOException {
    ModelProto.Builder model = Models.model(graph);
    model.getOpsetImportBuilder(0).setVersion(opset);
    return write(file, model);
  }

  private static Path write(Path file, ModelProto.Builder model) throws IOException {
    return Files.write(file, model.build().toByteArray());
  }
}
