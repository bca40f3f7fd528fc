package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the messages of one model into graphs, and writes out the calls of its functions. */
final class GraphReader {

  /** Graphs within graphs. */
  private static final int DEEPEST = 16;

  private static final int MOST_NODES = 500_000;

  /** About how many bytes a node takes in memory, besides what it refers to. */
  private static final int NODE = 500;

  private final ExternalData external;
  private final MemoryLimit memory;
  private final Functions functions;
  private int depth;
  private int nodes;
  private int calls;

  GraphReader(ExternalData external, MemoryLimit memory, Functions functions) {
    this.external = external;
    this.memory = memory;
    this.functions = functions;
  }

  /** Reads the graph of a model. */
  Graph read(GraphProto proto) {
    Graph graph = read(proto, Naming.ofModel());
    GraphCheck.checkClosed(graph);
    for (Value each : graph.inputs()) {
      Messages.refuse(each.type() == null, "the input " + each.name() + " has no type");
    }
    Stream.concat(graph.inputs().stream(), graph.outputs().stream())
        .filter(each -> each.type() == ElementType.SEQUENCE)
        .forEach(
            each -> {
              throw notTensor(each.name(), "sequence");
            });
    return graph;
  }

  private Graph read(GraphProto proto, Naming naming) {
    Messages.refuse(++depth > DEEPEST, "has graphs nested deeper than " + DEEPEST);
    if (proto.getSparseInitializerCount() > 0) {
      throw new InputException(
          "has sparse tensors, which are not supported: "
              + proto.getSparseInitializer(0).getValues().getName(),
          "Export the model with dense weights.");
    }
    var initializers = new LinkedHashMap<String, Tensor>();
    for (TensorProto each : proto.getInitializerList()) {
      String name = naming.of(each.getName());
      Messages.refuse(name.isEmpty(), "has an initializer without name");
      Tensor tensor = TensorProtos.read(each, external, memory);
      Messages.refuse(
          initializers.put(name, tensor) != null, "has the initializer " + name + " twice");
    }
    var list = new ArrayList<Node>();
    add(proto.getNodeList(), naming, list);
    depth--;
    return GraphCheck.ordered(
        new Graph(
            proto.getName(),
            values(proto.getInputList(), naming),
            values(proto.getOutputList(), naming),
            initializers,
            list,
            List.of()));
  }

  private void add(List<NodeProto> protos, Naming naming, List<Node> to) {
    for (NodeProto each : protos) {
      FunctionProto called = functions.find(each);
      if (called != null) {
        memory.take("a call of the function " + called.getName(), NODE);
        refusePassing(called);
        Naming inside = naming.inside(called, each, ++calls);
        add(called.getNodeList(), inside, to);
      } else {
        Messages.refuse(++nodes > MOST_NODES, "has more than " + MOST_NODES + " nodes");
        memory.take("a node", NODE);
        to.add(node(each, naming));
      }
    }
  }

  /** A value has one name only. */
  private static void refusePassing(FunctionProto called) {
    for (String each : called.getOutputList()) {
      Messages.refuse(
          called.getInputList().contains(each),
          "the function " + called.getName() + " passes on its input " + each);
    }
  }

  private Node node(NodeProto proto, Naming naming) {
    var attributes = new HashMap<String, Object>();
    for (AttributeProto each : proto.getAttributeList()) {
      AttributeProto value = naming.resolve(each);
      if (value != null) {
        Object read = attribute(value, naming, "the attribute " + each.getName());
        Messages.refuse(
            attributes.put(each.getName(), read) != null,
            "a node " + proto.getOpType() + " has the attribute " + each.getName() + " twice");
      }
    }
    return new Node(
        naming.of(proto.getName()),
        Functions.domain(proto.getDomain()),
        proto.getOpType(),
        proto.getInputList().stream().map(naming::of).toList(),
        proto.getOutputList().stream().map(naming::of).toList(),
        new Attributes(attributes));
  }

  private Object attribute(AttributeProto proto, Naming naming, String what) {
    return switch (type(proto)) {
      case INT -> proto.getI();
      case FLOAT -> proto.getF();
      case STRING -> Messages.text(proto.getS(), what);
      case TENSOR -> TensorProtos.read(proto.getT(), external, memory);
      case GRAPH -> read(proto.getG(), naming);
      case INTS -> List.copyOf(proto.getIntsList());
      case FLOATS -> List.copyOf(proto.getFloatsList());
      case STRINGS -> {
        var texts = new ArrayList<String>();
        for (ByteString each : proto.getStringsList()) {
          texts.add(Messages.text(each, what));
        }
        yield texts;
      }
      default -> Attributes.OTHER; // of no operator that is supported
    };
  }

  /** Old files leave the type out. */
  private static AttributeType type(AttributeProto proto) {
    if (proto.hasType()) {
      return proto.getType();
    }
    return proto.hasI()
        ? AttributeType.INT
        : proto.hasF()
            ? AttributeType.FLOAT
            : proto.hasS()
                ? AttributeType.STRING
                : proto.hasT()
                    ? AttributeType.TENSOR
                    : proto.getFloatsCount() > 0 ? AttributeType.FLOATS : AttributeType.INTS;
  }

  private static List<Value> values(List<ValueInfoProto> protos, Naming naming) {
    return protos.stream().map(each -> value(each, naming.of(each.getName()))).toList();
  }

  private static Value value(ValueInfoProto proto, String name) {
    Messages.refuse(name.isEmpty(), "has an input or output without name");
    TypeProto type = proto.getType();
    if (type.getValueCase() == TypeProto.ValueCase.VALUE_NOT_SET) {
      return new Value(name, null, null);
    }
    if (type.hasSequenceType() && type.getSequenceType().getElemType().hasTensorType()) {
      return new Value(name, ElementType.SEQUENCE, null);
    }
    if (!type.hasTensorType()) {
      throw notTensor(name, kind(type));
    }
    int number = type.getTensorType().getElemType();
    ElementType element = number == 0 ? null : TensorProtos.type(number, name);
    return new Value(name, element, axes(type.getTensorType()));
  }

  private static InputException notTensor(String name, String kind) {
    return new InputException(
        name + " is not a tensor but of the kind " + kind,
        "Export the model with tensors as inputs and outputs.");
  }

  /** Such as {@code sequence}. */
  private static String kind(TypeProto type) {
    return type.getValueCase().name().toLowerCase(Locale.ROOT).replaceFirst("_type$", "");
  }

  private static @Nullable List<String> axes(TypeProto.Tensor type) {
    return type.hasShape()
        ? type.getShape().getDimList().stream().map(GraphReader::axis).toList()
        : null;
  }

  private static String axis(TensorShapeProto.Dimension axis) {
    if (axis.hasDimValue()) {
      return axis.getDimValue() < 0 ? "?" : Long.toString(axis.getDimValue());
    }
    return axis.getDimParam().isEmpty() ? "?" : axis.getDimParam();
  }
}
