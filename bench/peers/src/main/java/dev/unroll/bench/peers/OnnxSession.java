package dev.unroll.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model in ONNX Runtime and its tensors, in memory that Java can access. Inputs and outputs are
 * created once; a run neither copies nor allocates them.
 */
final class OnnxSession implements AutoCloseable {

  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);

  private final OrtSession session;
  private final List<OnnxTensor> tensors = new ArrayList<>();

  OnnxSession(OnnxGraph graph, int threads) {
    try (var options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      session = ENVIRONMENT.createSession(graph.model(), options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the version of ONNX Runtime. */
  static String version() {
    return ENVIRONMENT.getVersion();
  }

  /** Returns a tensor in the given memory, which must be {@link #floatMemory}. */
  OnnxTensor tensor(FloatBuffer memory, long... shape) {
    try {
      return keep(OnnxTensor.createTensor(ENVIRONMENT, memory, shape));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a tensor in the given memory, which must be {@link #longMemory}. */
  OnnxTensor tensor(LongBuffer memory, long... shape) {
    try {
      return keep(OnnxTensor.createTensor(ENVIRONMENT, memory, shape));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the model; the outputs are overwritten. */
  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    tensors.forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  static FloatBuffer floatMemory(int size) {
    return direct(size * Float.BYTES).asFloatBuffer();
  }

  static LongBuffer longMemory(int size) {
    return direct(size * Long.BYTES).asLongBuffer();
  }

  private OnnxTensor keep(OnnxTensor tensor) {
    tensors.add(tensor);
    return tensor;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
