package dev.unroll.interop.onnx;

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
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** Builds ONNX models for tests, from the messages themselves. */
public final class Models {

  private Models() {}

  /** A model of opset 17 with a graph. */
  public static ModelProto.Builder model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("test")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph);
  }

  /** A graph of nodes. */
  public static GraphProto.Builder graph(NodeProto.Builder... nodes) {
    var graph = GraphProto.newBuilder().setName("graph");
    for (NodeProto.Builder each : nodes) {
      graph.addNode(each);
    }
    return graph;
  }

  /** A node; texts are split at blanks, {@code _} is an input or output that is left out. */
  public static NodeProto.Builder node(String operator, String inputs, String outputs) {
    var node = NodeProto.newBuilder().setOpType(operator);
    names(inputs).forEach(node::addInput);
    names(outputs).forEach(node::addOutput);
    return node;
  }

  private static List<String> names(String text) {
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(" ")).stream().map(each -> each.equals("_") ? "" : each).toList();
  }

  /** An input or output of floats; axes are numbers, names or {@code ?}. */
  public static ValueInfoProto floats(String name, Object... axes) {
    return value(TensorProto.DataType.FLOAT, name, axes);
  }

  /** An input or output of any type. */
  public static ValueInfoProto value(TensorProto.DataType type, String name, Object... axes) {
    var shape = TensorShapeProto.newBuilder();
    for (Object axis : axes) {
      var dim = shape.addDimBuilder();
      if (axis instanceof Integer number) {
        dim.setDimValue(number);
      } else if (!axis.equals("?")) {
        dim.setDimParam((String) axis);
      }
    }
    var tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** An initializer. */
  public static TensorProto tensor(String name, Tensor tensor) {
    return TensorProtos.write(tensor, name);
  }

  /** An attribute: a whole number, a {@code Float}, text, tensor, graph or a list. */
  public static AttributeProto attribute(String name, Object value) {
    var attribute = AttributeProto.newBuilder().setName(name);
    switch (value) {
      case Integer whole -> attribute.setType(AttributeProto.AttributeType.INT).setI(whole);
      case Long whole -> attribute.setType(AttributeProto.AttributeType.INT).setI(whole);
      case Float real -> attribute.setType(AttributeProto.AttributeType.FLOAT).setF(real);
      case String text ->
          attribute
              .setType(AttributeProto.AttributeType.STRING)
              .setS(ByteString.copyFromUtf8(text));
      case Tensor tensor ->
          attribute
              .setType(AttributeProto.AttributeType.TENSOR)
              .setT(TensorProtos.write(tensor, ""));
      case GraphProto.Builder graph ->
          attribute.setType(AttributeProto.AttributeType.GRAPH).setG(graph);
      case int[] wholes -> {
        attribute.setType(AttributeProto.AttributeType.INTS);
        for (int each : wholes) {
          attribute.addInts(each);
        }
      }
      case List<?> list -> addAll(attribute, list);
      default -> throw new IllegalArgumentException(name);
    }
    return attribute.build();
  }

  /** Whole numbers, floats or texts. */
  private static void addAll(AttributeProto.Builder attribute, List<?> list) {
    attribute.setType(
        list.stream().anyMatch(String.class::isInstance)
            ? AttributeProto.AttributeType.STRINGS
            : list.stream().anyMatch(Float.class::isInstance)
                ? AttributeProto.AttributeType.FLOATS
                : AttributeProto.AttributeType.INTS);
    for (Object each : list) {
      switch (each) {
        case Long whole -> attribute.addInts(whole);
        case Float real -> attribute.addFloats(real);
        default -> attribute.addStrings(ByteString.copyFromUtf8((String) each));
      }
    }
  }
}
