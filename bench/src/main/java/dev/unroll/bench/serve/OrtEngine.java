package dev.unroll.bench.serve;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.unroll.interop.ModelExport;
import dev.unroll.layer.LayerState;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Classification;
import dev.unroll.result.Model;
import dev.unroll.result.SentenceScore;
import dev.unroll.server.model.Engine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime in the place of a model, as our own export writes it: texts become tokens and
 * answers as in the model, and what lies between is computed by a session with one thread for each
 * call, as the model computes it. What a graph returns is written into memory that both sides use.
 */
final class OrtEngine implements Engine {

  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);

  private static final String ENDING = ".onnx";
  private static final String STREAM_ENDING = ".stream.onnx";

  /** Room for what graphs return, one for each thread. */
  private static final ThreadLocal<ByteBuffer> ROOM =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));

  private final Model model;
  private final OrtSession whole;

  /** Of language models, the streaming form. */
  private final @Nullable OrtSession stream;

  private OrtEngine(Model model, OrtSession whole, @Nullable OrtSession stream) {
    this.model = model;
    this.whole = whole;
    this.stream = stream;
  }

  /** Writes the graphs of a model to a folder. */
  static void export(Model model, Path folder) {
    ModelExport.of(model).write(folder.resolve(name(model) + ENDING));
    if (model instanceof LanguageModel) {
      ModelExport.of(model).streaming(true).write(folder.resolve(name(model) + STREAM_ENDING));
    }
  }

  /** Returns the engine of a model whose graphs lie in a folder. */
  static OrtEngine of(Model model, Path folder) {
    OrtSession stream =
        model instanceof LanguageModel
            ? session(folder.resolve(name(model) + STREAM_ENDING))
            : null;
    return new OrtEngine(model, session(folder.resolve(name(model) + ENDING)), stream);
  }

  private static String name(Model model) {
    return model instanceof Classifier ? LoadModels.CLASSIFIER : LoadModels.LANGUAGE_MODEL;
  }

  private static OrtSession session(Path file) {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      return ENVIRONMENT.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<Classification> classify(List<String> texts) {
    var classifier = (Classifier) model;
    int[][] ids = texts.stream().map(classifier.lexicon()::encode).toArray(int[][]::new);
    int labels = classifier.labels().size();
    FloatBuffer found = room(ids.length * labels);
    long[] shape = {ids.length, labels};
    try (var run = new Run(ids)) {
      run.output("probabilities", found, shape);
      run.run(whole);
    }
    var answers = new ArrayList<Classification>();
    for (int i = 0; i < ids.length; i++) {
      float[] own = new float[labels];
      found.get(i * labels, own);
      answers.add(Classification.of(classifier.labels(), List.of(), own));
    }
    return answers;
  }

  @Override
  public List<SentenceScore> score(List<String> texts) {
    var own = (LanguageModel) model;
    int[][] wanted = texts.stream().map(text -> closed(own, text)).toArray(int[][]::new);
    int[][] read = new int[wanted.length][];
    for (int i = 0; i < read.length; i++) {
      read[i] = new int[wanted[i].length];
      read[i][0] = own.firstInput();
      System.arraycopy(wanted[i], 0, read[i], 1, read[i].length - 1);
    }
    int steps = longest(read);
    int tokens = own.tokenizer().size();
    FloatBuffer found = room(read.length * steps * tokens);
    try (var run = new Run(read)) {
      run.output("log_probabilities", found, read.length, steps, tokens);
      run.run(whole);
    }
    var scores = new ArrayList<SentenceScore>();
    for (int i = 0; i < wanted.length; i++) {
      double[] logProbabilities = new double[wanted[i].length];
      for (int t = 0; t < logProbabilities.length; t++) {
        logProbabilities[t] = found.get((i * steps + t) * tokens + wanted[i][t]);
      }
      scores.add(SentenceScore.of(wanted[i], logProbabilities));
    }
    return scores;
  }

  private static int[] closed(LanguageModel model, String text) {
    int[] ids = model.tokenizer().encode(text);
    int[] closed = Arrays.copyOf(ids, ids.length + 1);
    closed[ids.length] = model.tokenizer().endOfSentence();
    return closed;
  }

  private static int longest(int[][] ids) {
    return Arrays.stream(ids).mapToInt(each -> each.length).max().orElse(0);
  }

  private static FloatBuffer room(int floats) {
    ByteBuffer room = ROOM.get();
    if (room.capacity() < floats * Float.BYTES) {
      room = ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.nativeOrder());
      ROOM.set(room);
    }
    return room.slice(0, floats * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public Continuation continuation() {
    return new OrtContinuation((LanguageModel) model, Objects.requireNonNull(stream));
  }

  /** One call of a session. */
  private static final class Run implements AutoCloseable {

    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();

    /** Begins a call with tokens, [batch][time], the shorter ones padded. */
    Run(int[][] ids) {
      int steps = longest(ids);
      long[] padded = new long[ids.length * steps];
      long[] lengths = new long[ids.length];
      for (int i = 0; i < ids.length; i++) {
        lengths[i] = ids[i].length;
        for (int t = 0; t < ids[i].length; t++) {
          padded[i * steps + t] = ids[i][t];
        }
      }
      long[] shape = {ids.length, steps};
      inputs.put("tokens", tensor(padded, shape));
      inputs.put("lengths", tensor(lengths, ids.length));
    }

    private static OnnxTensor tensor(long[] values, long... shape) {
      try {
        return OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(values), shape);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    private static OnnxTensor tensor(FloatBuffer values, long... shape) {
      try {
        return OnnxTensor.createTensor(ENVIRONMENT, values, shape);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    void input(String name, float[] values, long... shape) {
      inputs.put(name, tensor(FloatBuffer.wrap(values), shape));
    }

    void output(String name, FloatBuffer memory, long... shape) {
      outputs.put(name, tensor(memory, shape));
    }

    void run(OrtSession session) {
      try {
        session.run(inputs, Set.of(), outputs).close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  /** The streaming form; what the head reads of a state is what it says of the next token. */
  private static final class OrtContinuation implements Continuation {

    private final OrtSession session;
    private final int firstInput;
    private final int tokens;
    private final NetworkState zeros;

    OrtContinuation(LanguageModel model, OrtSession session) {
      this.session = session;
      firstInput = model.firstInput();
      tokens = model.tokenizer().size();
      var layers = new ArrayList<LayerState>();
      for (var layer : model.network().description().layers()) {
        layers.add(new LayerState(new float[layer.outputs()], new float[layer.units()]));
      }
      zeros = new NetworkState(layers, new float[tokens]);
    }

    @Override
    public NetworkState start() {
      return read(List.of(zeros), List.of(new int[] {firstInput})).getFirst();
    }

    @Override
    public List<NetworkState> read(List<NetworkState> states, List<int[]> ids) {
      int count = ids.size();
      int[][] read = ids.toArray(int[][]::new);
      int steps = longest(read);
      NetworkState before = NetworkState.join(states);
      float[] next = new float[count * tokens];
      var after = new ArrayList<LayerState>();
      try (var run = new Run(read)) {
        int at = count * steps * tokens;
        FloatBuffer memory =
            room(at + before.layers().stream().mapToInt(OrtContinuation::size).sum());
        run.output("log_probabilities", memory.slice(0, at), count, steps, tokens);
        for (int i = 0; i < before.layers().size(); i++) {
          LayerState layer = before.layers().get(i);
          int a = layer.a().length;
          int c = layer.c().length;
          run.input("state_in_" + i + "_a", layer.a(), count, a / count);
          run.input("state_in_" + i + "_c", layer.c(), count, c / count);
          run.output("state_out_" + i + "_a", memory.slice(at, a), count, a / count);
          run.output("state_out_" + i + "_c", memory.slice(at + a, c), count, c / count);
          after.add(new LayerState(new float[a], new float[c]));
          at += a + c;
        }
        run.run(session);
        for (int i = 0; i < count; i++) { // what follows the last token of each
          memory.get((i * steps + read[i].length - 1) * tokens, next, i * tokens, tokens);
        }
        memory.position(count * steps * tokens);
        after.forEach(layer -> memory.get(layer.a()).get(layer.c()));
      }
      return new NetworkState(after, next).split(count);
    }

    private static int size(LayerState layer) {
      return layer.a().length + layer.c().length;
    }

    @Override
    public float[][] logits(List<NetworkState> states) {
      return states.stream().map(each -> each.output().clone()).toArray(float[][]::new);
    }
  }
}
