package dev.unroll.interop.onnx.recurrent;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One node with its inputs: run by ONNX Runtime, and as a call of an operator here. */
record NodeCase(
    String domain,
    String operator,
    Map<String, Object> attributes,
    List<@Nullable Tensor> inputs,
    int outputs) {

  private static final int OPSET = 14;

  NodeCase with(String name, Object value) {
    var more = new TreeMap<>(attributes);
    more.put(name, value);
    return new NodeCase(domain, operator, more, inputs, outputs);
  }

  NodeCase withInput(int index, @Nullable Tensor tensor) {
    var other = new ArrayList<>(inputs);
    while (other.size() <= index) {
      other.add(null);
    }
    other.set(index, tensor);
    return new NodeCase(domain, operator, attributes, other, outputs);
  }

  Call call() {
    return new Call(new Attributes(attributes), OPSET, inputs, outputs);
  }

  /** What ONNX Runtime computes; {@code constant} inputs are parts of the model. */
  List<Tensor> runtime(List<Integer> constant) {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      var given = new HashMap<String, OnnxTensor>();
      try (var session = environment.createSession(model(constant).toByteArray(), options)) {
        for (int i = 0; i < inputs.size(); i++) {
          Tensor tensor = inputs.get(i);
          if (tensor != null && !constant.contains(i)) {
            given.put("in" + i, ofRuntime(environment, tensor));
          }
        }
        try (var result = session.run(given)) {
          var tensors = new ArrayList<Tensor>();
          for (int i = 0; i < outputs; i++) {
            tensors.add(ours((OnnxTensor) result.get("out" + i).orElseThrow()));
          }
          return tensors;
        }
      } finally {
        given.values().forEach(OnnxTensor::close);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OnnxTensor ofRuntime(OrtEnvironment environment, Tensor tensor)
      throws OrtException {
    long[] axes = tensor.shape().axes().stream().mapToLong(axis -> axis).toArray();
    return switch (tensor.type()) {
      case FLOAT -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor.floats()), axes);
      case DOUBLE ->
          OnnxTensor.createTensor(environment, DoubleBuffer.wrap(tensor.doubles()), axes);
      case INT32 -> {
        var ints = new int[tensor.size()];
        for (int i = 0; i < ints.length; i++) {
          ints[i] = (int) tensor.longs()[i];
        }
        yield OnnxTensor.createTensor(environment, IntBuffer.wrap(ints), axes);
      }
      default -> throw new IllegalArgumentException(tensor.toString());
    };
  }

  private static Tensor ours(OnnxTensor tensor) {
    long[] axes = tensor.getInfo().getShape();
    var shape = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      shape[i] = (int) axes[i];
    }
    FloatBuffer floats = tensor.getFloatBuffer();
    var values = new float[floats.remaining()];
    floats.get(values);
    return Tensor.adopt(ElementType.FLOAT, Shape.of(shape), values);
  }

  /** The node as a model of its own. */
  ModelProto model(List<Integer> constant) {
    var node = NodeProto.newBuilder().setOpType(operator).setDomain(domain).setName("node");
    var graph = GraphProto.newBuilder().setName("case");
    for (int i = 0; i < inputs.size(); i++) {
      Tensor tensor = inputs.get(i);
      node.addInput(tensor == null ? "" : "in" + i);
      if (tensor != null && constant.contains(i)) {
        graph.addInitializer(proto(tensor).setName("in" + i));
      } else if (tensor != null) {
        graph.addInput(value("in" + i, tensor.type(), tensor.shape()));
      }
    }
    for (int i = 0; i < outputs; i++) {
      node.addOutput("out" + i);
      ElementType type = Optional.ofNullable(inputs.get(0)).orElseThrow().type();
      graph.addOutput(value("out" + i, type, null));
    }
    attributes.forEach((name, value) -> node.addAttribute(attribute(name, value)));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
        .setGraph(graph.addNode(node))
        .build();
  }

  private static ValueInfoProto value(String name, ElementType type, @Nullable Shape shape) {
    var tensor = TypeProto.Tensor.newBuilder().setElemType(code(type));
    if (shape != null) {
      var axes = TensorShapeProto.newBuilder();
      shape.axes().forEach(axis -> axes.addDimBuilder().setDimValue(axis));
      tensor.setShape(axes);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static int code(ElementType type) {
    return switch (type) {
      case FLOAT -> TensorProto.DataType.FLOAT_VALUE;
      case DOUBLE -> TensorProto.DataType.DOUBLE_VALUE;
      case INT32 -> TensorProto.DataType.INT32_VALUE;
      case INT8 -> TensorProto.DataType.INT8_VALUE;
      case UINT8 -> TensorProto.DataType.UINT8_VALUE;
      default -> throw new IllegalArgumentException(type.label());
    };
  }

  private static TensorProto.Builder proto(Tensor tensor) {
    var proto = TensorProto.newBuilder().setDataType(code(tensor.type()));
    tensor.shape().axes().forEach(proto::addDims);
    for (double each : tensor.doubles()) {
      switch (tensor.type()) {
        case FLOAT -> proto.addFloatData((float) each);
        case DOUBLE -> proto.addDoubleData(each);
        default -> proto.addInt32Data((int) each);
      }
    }
    return proto;
  }

  private static AttributeProto attribute(String name, Object value) {
    var proto = AttributeProto.newBuilder().setName(name);
    switch (value) {
      case Long number -> proto.setType(AttributeProto.AttributeType.INT).setI(number);
      case Float number -> proto.setType(AttributeProto.AttributeType.FLOAT).setF(number);
      case String text ->
          proto.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
      case List<?> list -> {
        boolean texts = list.getFirst() instanceof String;
        proto.setType(
            texts ? AttributeProto.AttributeType.STRINGS : AttributeProto.AttributeType.FLOATS);
        for (Object each : list) {
          if (each instanceof String text) {
            proto.addStrings(ByteString.copyFromUtf8(text));
          } else {
            proto.addFloats((Float) each);
          }
        }
      }
      default -> throw new IllegalArgumentException(name);
    }
    return proto.build();
  }
}
