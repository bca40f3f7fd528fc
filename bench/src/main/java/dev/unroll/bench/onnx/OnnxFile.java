package dev.unroll.bench.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model of one recurrent layer as PyTorch exports it: states are inputs and outputs.
 *
 * @param cell {@code LSTM} or {@code GRU}
 * @param both whether it reads in both directions
 */
public record OnnxFile(String cell, boolean both, int steps, int batch, int inputs, int units) {

  private static final int OPSET = 17;
  private static final int FORMAT = 8;

  /** Domain of ONNX Runtime's own operators. */
  private static final String MICROSOFT = "com.microsoft";

  int ways() {
    return both ? 2 : 1;
  }

  /** Whether its state has memory cells, too. */
  public boolean isLstm() {
    return cell.equals("LSTM");
  }

  /** Cell, directions and sizes, as tables have them. */
  public String title() {
    return cell
        + (both ? " bidirectional" : "")
        + (steps == 1 && batch == 1
            ? " stream, H " + units
            : " T " + steps + " B " + batch + " H " + units);
  }

  /** The model's bytes. */
  public byte[] bytes() {
    NodeProto.Builder node = node(cell).setInput(1, "W").setInput(2, "R");
    if (!isLstm()) {
      node.addAttribute(number("linear_before_reset", 1));
    }
    var graph =
        graph(node)
            .addInitializer(write(inputWeights(), "W"))
            .addInitializer(write(recurrentWeights(), "R"));
    return model(graph);
  }

  /**
   * The bytes of the same LSTM with weights in 8 bits, as {@code quantize_dynamic} of ONNX Runtime
   * makes it: a scale for each gate of each unit. What is multiplied by them is rounded to 8 bits
   * in each step.
   */
  public byte[] bytesOf8Bits() {
    NodeProto.Builder node = node("DynamicQuantizeLSTM").setDomain(MICROSOFT);
    var w = EightBits.of(inputWeights(), inputs);
    var r = EightBits.of(recurrentWeights(), units);
    node.setInput(1, "W").setInput(2, "R").addInput(""); // no peepholes
    var graph = GraphProto.newBuilder();
    for (var entry : List.of(Map.entry("W", w), Map.entry("R", r))) {
      String name = entry.getKey();
      EightBits each = entry.getValue();
      graph
          .addInitializer(write(each.weights, name))
          .addInitializer(write(each.scales, name + "_scale"))
          .addInitializer(write(each.zeros, name + "_zero"));
      node.addInput(name + "_scale").addInput(name + "_zero");
    }
    return model(graph(node).mergeFrom(graph.build()));
  }

  /** A node that reads x and the states; the weights are still to be named. */
  private NodeProto.Builder node(String operator) {
    var node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName("layer")
            .addAllInput(List.of("x", "", "", "B", "", "h_in"))
            .addAllOutput(List.of("y", "h_out"))
            .addAttribute(number("hidden_size", units))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("direction")
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(both ? "bidirectional" : "forward")));
    return isLstm() ? node.addInput("c_in").addOutput("c_out") : node;
  }

  private GraphProto.Builder graph(NodeProto.Builder node) {
    var graph = GraphProto.newBuilder().setName("layer").addNode(node);
    node.getInputList().stream()
        .filter(name -> name.equals("x") || name.endsWith("_in"))
        .forEach(name -> graph.addInput(value(name)));
    node.getOutputList().forEach(name -> graph.addOutput(value(name)));
    return graph.addInitializer(write(weights(Kind.BIAS, ways(), 2 * width()), "B"));
  }

  private static byte[] model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private int width() {
    return (isLstm() ? 4 : 3) * units;
  }

  private Tensor inputWeights() {
    return weights(Kind.INPUT_WEIGHT, ways(), width(), inputs);
  }

  private Tensor recurrentWeights() {
    return weights(Kind.RECURRENT_WEIGHT, ways(), width(), units);
  }

  /**
   * Weights in 8 bits with their scales.
   *
   * @param weights [1][columns][rows of the matrix]: transposed
   * @param scales of each row of the matrix, [1][rows]
   * @param zeros what stands for 0: 0
   */
  private record EightBits(Tensor weights, Tensor scales, Tensor zeros) {

    /** Rounds a matrix of one direction, [1][rows][columns]. */
    static EightBits of(Tensor matrix, int columns) {
      float[] values = matrix.floats();
      int rows = values.length / columns;
      var weights = new long[values.length];
      var scales = new float[rows];
      for (int row = 0; row < rows; row++) {
        float most = Float.MIN_NORMAL;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
          most = Math.max(most, Math.abs(values[i]));
        }
        scales[row] = most / Byte.MAX_VALUE;
        for (int i = 0; i < columns; i++) {
          weights[i * rows + row] = Math.round(values[row * columns + i] / scales[row]);
        }
      }
      return new EightBits(
          Tensor.adopt(ElementType.INT8, Shape.of(1, columns, rows), weights),
          Tensor.of(scales, 1, rows),
          Tensor.adopt(ElementType.INT8, Shape.of(1, rows), new long[rows]));
    }
  }

  /** The inputs of all steps. */
  public Tensor x() {
    float[] numbers = Numbers.uniform(Kind.INPUT, 0, steps * batch * inputs, 1);
    return Tensor.of(numbers, steps, batch, inputs);
  }

  /** A first state. */
  public Tensor zeros() {
    return Tensor.of(new float[ways() * batch * units], ways(), batch, units);
  }

  private Tensor weights(Kind kind, int... axes) {
    int size = 1;
    for (int axis : axes) {
      size *= axis;
    }
    return Tensor.of(Numbers.uniform(kind, 0, size, 1 / Math.sqrt(units)), axes);
  }

  private static TensorProto write(Tensor tensor, String name) {
    return TensorProtos.write(tensor, name);
  }

  private static AttributeProto number(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static ValueInfoProto value(String name) {
    var tensor = TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber());
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
