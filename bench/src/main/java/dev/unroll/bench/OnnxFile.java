package dev.unroll.bench;

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
import dev.unroll.interop.tensor.Tensor;

/**
 * An ONNX model of one recurrent layer as PyTorch exports it: states are inputs and outputs.
 *
 * @param cell {@code LSTM} or {@code GRU}
 * @param both whether it reads in both directions
 */
record OnnxFile(String cell, boolean both, int steps, int batch, int inputs, int units) {

  private static final int OPSET = 17;
  private static final int FORMAT = 8;

  int ways() {
    return both ? 2 : 1;
  }

  boolean isLstm() {
    return cell.equals("LSTM");
  }

  String title() {
    return cell
        + (both ? " both ways" : "")
        + (steps == 1 && batch == 1
            ? " stream, H " + units
            : " T " + steps + " B " + batch + " H " + units);
  }

  /** The model's bytes. */
  byte[] bytes() {
    int width = (isLstm() ? 4 : 3) * units;
    var node =
        NodeProto.newBuilder()
            .setOpType(cell)
            .setName("layer")
            .addInput("x")
            .addInput("W")
            .addInput("R")
            .addInput("B")
            .addInput("")
            .addInput("h_in")
            .addOutput("y")
            .addOutput("h_out")
            .addAttribute(number("hidden_size", units))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("direction")
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(both ? "bidirectional" : "forward")));
    var graph =
        GraphProto.newBuilder()
            .setName("layer")
            .addInitializer(weights("W", Kind.INPUT_WEIGHT, ways(), width, inputs))
            .addInitializer(weights("R", Kind.RECURRENT_WEIGHT, ways(), width, units))
            .addInitializer(weights("B", Kind.BIAS, ways(), 2 * width))
            .addInput(value("x"))
            .addInput(value("h_in"))
            .addOutput(value("y"))
            .addOutput(value("h_out"));
    if (isLstm()) {
      node.addInput("c_in").addOutput("c_out");
      graph.addInput(value("c_in")).addOutput(value("c_out"));
    } else {
      node.addAttribute(number("linear_before_reset", 1));
    }
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph.addNode(node))
        .build()
        .toByteArray();
  }

  /** The inputs of all steps. */
  Tensor x() {
    float[] numbers = Numbers.uniform(Kind.INPUT, 0, steps * batch * inputs, 1);
    return Tensor.of(numbers, steps, batch, inputs);
  }

  /** A first state. */
  Tensor zeros() {
    return Tensor.of(new float[ways() * batch * units], ways(), batch, units);
  }

  private TensorProto weights(String name, Kind kind, int... axes) {
    int size = 1;
    for (int axis : axes) {
      size *= axis;
    }
    float[] numbers = Numbers.uniform(kind, 0, size, 1 / Math.sqrt(units));
    return TensorProtos.write(Tensor.of(numbers, axes), name);
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
