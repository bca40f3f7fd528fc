package dev.unroll.bench.peers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Builds an ONNX model. Methods that add a value return its name, for the nodes that read it. */
final class OnnxGraph {

  /** Type of a tensor's elements. */
  enum Element {
    FLOAT(TensorProto.DataType.FLOAT),
    INT64(TensorProto.DataType.INT64);

    private final TensorProto.DataType type;

    Element(TensorProto.DataType type) {
      this.type = type;
    }
  }

  /** Name of an omitted optional input. */
  static final String NONE = "";

  private static final int FILE_VERSION = 10;
  private static final int OPERATOR_VERSION = 21;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("case");
  private int values;

  /** Declares an input of the model. */
  String input(String name, Element element, long... shape) {
    graph.addInput(declaration(name, element, shape));
    return name;
  }

  /** Declares that a value, which a node computes, is an output of the model. */
  void output(String name, Element element, long... shape) {
    graph.addOutput(declaration(name, element, shape));
  }

  /** Adds constant floats. */
  String floats(float[] values, long... shape) {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return constant(Element.FLOAT, bytes, shape);
  }

  /** Adds constant integers, such as shapes. */
  String integers(long[] values, long... shape) {
    ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return constant(Element.INT64, bytes, shape);
  }

  /** Adds a node with one output. */
  String node(String operator, Map<String, Integer> attributes, String... inputs) {
    String output = newName();
    node(operator, attributes, inputs, output);
    return output;
  }

  /** Adds a node with several outputs, named by the caller. */
  void node(String operator, Map<String, Integer> attributes, String[] inputs, String... outputs) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .addAllInput(List.of(inputs))
            .addAllOutput(List.of(outputs));
    attributes.forEach(
        (name, value) ->
            node.addAttribute(
                AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(value)));
    graph.addNode(node);
  }

  /** Returns the model as the bytes of a file. */
  byte[] model() {
    return ModelProto.newBuilder()
        .setIrVersion(FILE_VERSION)
        .setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_VERSION))
        .build()
        .toByteArray();
  }

  private String constant(Element element, ByteBuffer bytes, long... shape) {
    String name = newName();
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(element.type.getNumber())
            .setRawData(ByteString.copyFrom(bytes));
    for (long size : shape) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor);
    return name;
  }

  private String newName() {
    return "value" + values++;
  }

  private static ValueInfoProto declaration(String name, Element element, long... shape) {
    TensorShapeProto.Builder axes = TensorShapeProto.newBuilder();
    for (long size : shape) {
      axes.addDimBuilder().setDimValue(size);
    }
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder().setElemType(element.type.getNumber()).setShape(axes);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
