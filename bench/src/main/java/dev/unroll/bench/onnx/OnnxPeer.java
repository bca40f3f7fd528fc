package dev.unroll.bench.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime with the model of an {@link OnnxFile}. Its tensors lie in memory that both sides
 * use, so that a run copies and allocates none; the states of a stream are two that change places.
 */
public final class OnnxPeer implements AutoCloseable {

  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);

  private final OrtSession session;
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final FloatBuffer y;
  private Map<String, OnnxTensor> inputs = new HashMap<>();
  private Map<String, OnnxTensor> outputs = new HashMap<>();
  private Map<String, OnnxTensor> nextInputs = new HashMap<>();
  private Map<String, OnnxTensor> nextOutputs = new HashMap<>();

  /** Opens a file that has the bytes of {@code shape}. */
  public OnnxPeer(OnnxFile shape, Path file, int threads) throws OrtException {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = ENVIRONMENT.createSession(file.toString(), options);
    }
    FloatBuffer x = memory(shape.x().size()).put(0, shape.x().floats());
    OnnxTensor input = tensor(x, shape.steps(), shape.batch(), shape.inputs());
    y = memory(shape.steps() * shape.ways() * shape.batch() * shape.units());
    OnnxTensor output = tensor(y, shape.steps(), shape.ways(), shape.batch(), shape.units());
    for (var each : List.of(inputs, nextInputs)) {
      each.put("x", input);
    }
    for (var each : List.of(outputs, nextOutputs)) {
      each.put("y", output);
    }
    for (String state : shape.isLstm() ? List.of("h", "c") : List.of("h")) {
      OnnxTensor one = state(shape);
      OnnxTensor other = state(shape);
      inputs.put(state + "_in", one);
      outputs.put(state + "_out", other);
      nextInputs.put(state + "_in", other);
      nextOutputs.put(state + "_out", one);
    }
  }

  /** Returns the version of ONNX Runtime. */
  public static String version() {
    return ENVIRONMENT.getVersion();
  }

  private OnnxTensor state(OnnxFile shape) throws OrtException {
    return tensor(memory(shape.zeros().size()), shape.ways(), shape.batch(), shape.units());
  }

  private OnnxTensor tensor(FloatBuffer memory, long... axes) throws OrtException {
    OnnxTensor tensor = OnnxTensor.createTensor(ENVIRONMENT, memory, axes);
    tensors.add(tensor);
    return tensor;
  }

  private static FloatBuffer memory(int size) {
    return ByteBuffer.allocateDirect(size * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Runs the model from the same states each time. */
  public void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the model from the states that the run before has left. */
  public void step() {
    run();
    Map<String, OnnxTensor> inputsBefore = inputs;
    Map<String, OnnxTensor> outputsBefore = outputs;
    inputs = nextInputs;
    outputs = nextOutputs;
    nextInputs = inputsBefore;
    nextOutputs = outputsBefore;
  }

  /** Returns the outputs of the last run. */
  public float[] outputs() {
    var copy = new float[y.capacity()];
    y.get(0, copy);
    return copy;
  }

  @Override
  public void close() throws OrtException {
    tensors.forEach(OnnxTensor::close);
    session.close();
  }
}
