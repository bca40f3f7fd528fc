package dev.unroll.bench.peers;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Builds an ONNX model with the field numbers of {@code onnx.proto}. Every method that adds a value
 * returns its name, for the nodes that read it.
 */
final class OnnxGraph {

  /** Type of a tensor's elements, by its number in ONNX. */
  enum Element {
    FLOAT(1),
    INT64(7);

    private final int number;

    Element(int number) {
      this.number = number;
    }
  }

  /** Name of an omitted optional input. */
  static final String NONE = "";

  private static final int FILE_VERSION = 10;
  private static final int OPERATOR_VERSION = 21;
  private static final int INTEGER_ATTRIBUTE = 2;

  private final OnnxMessage graph = new OnnxMessage().text(2, "case");
  private int values;

  /** Declares an input of the model. */
  String input(String name, Element element, long... shape) {
    graph.message(11, declaration(name, element, shape));
    return name;
  }

  /** Declares that a value, which a node computes, is an output of the model. */
  void output(String name, Element element, long... shape) {
    graph.message(12, declaration(name, element, shape));
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
    var node = new OnnxMessage();
    for (String input : inputs) {
      node.text(1, input);
    }
    for (String output : outputs) {
      node.text(2, output);
    }
    node.text(4, operator);
    attributes.forEach((name, value) -> node.message(5, attribute(name, value)));
    graph.message(1, node);
  }

  /** Returns the model as the bytes of a file. */
  byte[] model() {
    var operators = new OnnxMessage().text(1, "").number(2, OPERATOR_VERSION);
    return new OnnxMessage()
        .number(1, FILE_VERSION)
        .message(7, graph)
        .message(8, operators)
        .toByteArray();
  }

  private String constant(Element element, ByteBuffer bytes, long... shape) {
    String name = newName();
    var tensor = new OnnxMessage();
    for (long size : shape) {
      tensor.number(1, size);
    }
    tensor.number(2, element.number).text(8, name).bytes(9, ByteString.copyFrom(bytes));
    graph.message(5, tensor);
    return name;
  }

  private String newName() {
    return "value" + values++;
  }

  private static OnnxMessage attribute(String name, long value) {
    return new OnnxMessage().text(1, name).number(3, value).number(20, INTEGER_ATTRIBUTE);
  }

  private static OnnxMessage declaration(String name, Element element, long... shape) {
    var dimensions = new OnnxMessage();
    for (long size : shape) {
      dimensions.message(1, new OnnxMessage().number(1, size));
    }
    var tensor = new OnnxMessage().number(1, element.number).message(2, dimensions);
    return new OnnxMessage().text(1, name).message(2, new OnnxMessage().message(1, tensor));
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
