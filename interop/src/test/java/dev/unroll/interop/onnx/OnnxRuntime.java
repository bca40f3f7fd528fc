package dev.unroll.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** ONNX Runtime, with tensors of ours: what computes the expectations of tests. */
public final class OnnxRuntime {

  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);

  private OnnxRuntime() {}

  /**
   * Runs a model, operator by operator as it stands.
   *
   * @return the outputs by name, in the model's order
   * @throws IllegalStateException if ONNX Runtime refuses the model or the inputs
   */
  public static Map<String, Tensor> run(ModelProto model, Map<String, Tensor> inputs) {
    var given = new LinkedHashMap<String, OnnxTensor>();
    try (var options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(SessionOptions.OptLevel.NO_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      try (OrtSession session = ENVIRONMENT.createSession(model.toByteArray(), options)) {
        for (var each : inputs.entrySet()) {
          given.put(each.getKey(), theirs(each.getValue()));
        }
        try (var result = session.run(given)) {
          var outputs = new LinkedHashMap<String, Tensor>();
          for (var each : result) {
            outputs.put(each.getKey(), ours((OnnxTensor) each.getValue()));
          }
          return outputs;
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor theirs(Tensor tensor) throws OrtException {
    long[] axes = tensor.shape().axes().stream().mapToLong(axis -> axis).toArray();
    if (tensor.elements() instanceof String[] texts) {
      return OnnxTensor.createTensor(ENVIRONMENT, texts, axes);
    }
    var bytes = ByteBuffer.allocateDirect(tensor.size() * ElementBytes.width(tensor.type()));
    ElementBytes.write(tensor, bytes.order(ByteOrder.LITTLE_ENDIAN));
    var type = OnnxJavaType.valueOf(tensor.type().name());
    return OnnxTensor.createTensor(ENVIRONMENT, bytes.flip(), axes, type);
  }

  private static Tensor ours(OnnxTensor tensor) throws OrtException {
    long[] axes = tensor.getInfo().getShape();
    var shape = Shape.of(Arrays.stream(axes).mapToInt(Math::toIntExact).toArray());
    var type = ElementType.valueOf(tensor.getInfo().type.name());
    if (type == ElementType.STRING) {
      Object value = tensor.getValue();
      String[] texts = value instanceof String text ? new String[] {text} : flat(value);
      return Tensor.adopt(type, shape, texts);
    }
    return ElementBytes.read(tensor.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN), type, shape);
  }

  private static String[] flat(Object texts) {
    return texts instanceof String[] row
        ? row
        : Arrays.stream((Object[]) texts)
            .flatMap(each -> Arrays.stream(flat(each)))
            .toArray(String[]::new);
  }
}
