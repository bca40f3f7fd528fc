package dev.unroll.interop.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Runs a graph with ONNX Runtime, the judge of what is exported. */
final class OrtRunner implements AutoCloseable {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OrtRunner(ModelProto model) {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      session = environment.createSession(model.toByteArray(), options);
    } catch (OrtException e) {
      throw new AssertionError("ONNX Runtime refuses the graph", e);
    }
  }

  Set<String> inputs() {
    return session.getInputNames();
  }

  Map<String, Tensor> run(Map<String, Tensor> inputs) {
    try {
      var own = new HashMap<String, OnnxTensor>();
      for (var each : inputs.entrySet()) {
        own.put(each.getKey(), tensor(each.getValue()));
      }
      try (var result = session.run(own)) {
        var outputs = new HashMap<String, Tensor>();
        for (var each : result) {
          outputs.put(each.getKey(), tensor((OnnxTensor) each.getValue()));
        }
        return outputs;
      } finally {
        own.values().forEach(OnnxTensor::close);
      }
    } catch (OrtException e) {
      throw new AssertionError("ONNX Runtime cannot run the graph", e);
    }
  }

  private OnnxTensor tensor(Tensor x) throws OrtException {
    long[] shape = x.shape().axes().stream().mapToLong(Integer::longValue).toArray();
    return switch (x.type()) {
      case FLOAT -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.floats()), shape);
      case DOUBLE -> OnnxTensor.createTensor(environment, DoubleBuffer.wrap(x.doubles()), shape);
      case INT64 -> OnnxTensor.createTensor(environment, LongBuffer.wrap(x.longs()), shape);
      case BOOL -> {
        boolean[] flags = (boolean[]) x.elements();
        var bytes = java.nio.ByteBuffer.allocateDirect(flags.length);
        for (boolean flag : flags) {
          bytes.put((byte) (flag ? 1 : 0));
        }
        yield OnnxTensor.createTensor(environment, bytes.rewind(), shape, OnnxJavaType.BOOL);
      }
      default -> throw new IllegalArgumentException("tensor of " + x.type());
    };
  }

  private static Tensor tensor(OnnxTensor x) {
    TensorInfo info = x.getInfo();
    var shape = Shape.of(Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray());
    return switch (info.type) {
      case FLOAT -> {
        float[] elements = new float[shape.size()];
        x.getFloatBuffer().get(elements);
        yield Tensor.adopt(ElementType.FLOAT, shape, elements);
      }
      case DOUBLE -> {
        double[] elements = new double[shape.size()];
        x.getDoubleBuffer().get(elements);
        yield Tensor.adopt(ElementType.DOUBLE, shape, elements);
      }
      case INT64 -> {
        long[] elements = new long[shape.size()];
        x.getLongBuffer().get(elements);
        yield Tensor.adopt(ElementType.INT64, shape, elements);
      }
      default -> throw new IllegalArgumentException("tensor of " + info.type);
    };
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }
}
