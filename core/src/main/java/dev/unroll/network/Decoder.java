package dev.unroll.network;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import dev.unroll.layer.Attention;
import dev.unroll.layer.Dropout;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.Noise;
import dev.unroll.layer.RecurrentLayer;
import dev.unroll.layer.RecurrentWeights;
import dev.unroll.layer.SteppedLayer;
import dev.unroll.layer.Steps;
import dev.unroll.layer.Zoneout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of an encoder-decoder that writes, below its head: at each step the token before →
 * embedding → recurrent layers → {@link Attention} to what the encoder read, if there is any. With
 * input feeding (Luong et al. 2015) the attention's output is read again at the next step, beside
 * the token's vector. All sequences of a thread go through a step together, then the next.
 *
 * <pre>{@code
 * x⟨t⟩ = [E y⟨t-1⟩, o⟨t-1⟩]      q⟨t⟩ = layers(x⟨t⟩)      o⟨t⟩ = attention(q⟨t⟩), or q⟨t⟩ without
 * }</pre>
 */
public final class Decoder {

  private final Network network;
  private final Embedding embedding;
  private final boolean feeds;
  private final int embedded;
  private final List<SteppedLayer> layers = new ArrayList<>();
  private final @Nullable Attention attention;
  private final Dropout words;
  private final Dropout recurrent;
  private final Dropout input;
  private final Dropout between;
  private final Dropout output;

  /**
   * Builds it and lays out its parameters, whose names begin with {@code decoder.}.
   *
   * @param memoryWidth width of the rows that attention reads
   * @param feeds whether the attention's output is read again
   */
  public Decoder(
      Network network,
      int vocabulary,
      int memoryWidth,
      Attention.@Nullable Kind kind,
      boolean feeds,
      Layout layout) {
    this.network = network;
    this.feeds = feeds;
    embedded = network.embeddingWidth();
    embedding = new Embedding(vocabulary, embedded, "decoder.embedding.weight", layout);
    Dropouts rates = network.dropouts();
    words = new Dropout(rates.words());
    recurrent = new Dropout(rates.recurrent());
    input = new Dropout(rates.input());
    between = new Dropout(rates.layer());
    output = new Dropout(rates.output());
    int width = embedded + (feeds ? outputs() : 0);
    var zoneout = new Zoneout(rates.state(), rates.memory());
    for (int i = 0; i < network.layers().size(); i++) {
      var layer = network.layers().get(i);
      var form = RecurrentStack.form(layer, width, zoneout, false);
      layers.add(new SteppedLayer(new RecurrentLayer(form, "decoder.layers." + i + ".", layout)));
      width = layer.outputs();
    }
    attention = kind == null ? null : new Attention(kind, width, memoryWidth, "decoder.", layout);
  }

  /** Returns where the embedding's vectors lie. */
  public Slice embeddingWeight() {
    return embedding.weight();
  }

  /** Returns the width of o. */
  public int outputs() {
    return network.layers().getLast().outputs();
  }

  public void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, embedding.weight(), 0.1);
    layers.forEach(layer -> layer.layer().initialize(parameters, initialization));
    if (attention != null) {
      attention.initialize(parameters, initialization);
    }
  }

  /** The weights in the kernel's layout. */
  public static final class Weights {
    private final List<RecurrentWeights> layers;
    private final Attention.Weights attention;
    private float[] values = {};

    private Weights(List<RecurrentWeights> layers, Precision precision) {
      this.layers = layers;
      attention = new Attention.Weights(precision);
    }
  }

  public Weights newWeights(Precision precision) {
    return new Weights(
        layers.stream().map(each -> each.layer().newWeights(precision)).toList(), precision);
  }

  public void packForward(float[] parameters, Weights w, Workers workers) {
    w.layers.forEach(each -> each.packForward(parameters, workers));
    packAttention(parameters, w, false, workers);
  }

  private void packAttention(float[] parameters, Weights w, boolean trains, Workers workers) {
    w.values = parameters;
    if (attention != null) {
      attention.packForward(parameters, w.attention, workers);
      if (trains) {
        attention.packBackward(parameters, w.attention, workers);
      }
    }
  }

  /** Packs for training; where recurrent weights are dropped, what is left of them. */
  public void packForTraining(
      float[] parameters, Weights w, @Nullable CounterRandom noise, Workers workers) {
    for (int i = 0; i < layers.size(); i++) {
      RecurrentWeights own = w.layers.get(i);
      if (noise != null && recurrent.rate() > 0) {
        own.packDropped(parameters, recurrent, noise.part(RecurrentStack.WEIGHTS + i), workers);
      } else {
        own.packForward(parameters, workers);
        own.packBackward(parameters, workers);
      }
    }
    packAttention(parameters, w, true, workers);
  }

  public void dropGradients(
      float[] gradients, Weights w, @Nullable CounterRandom noise, Workers workers) {
    for (int i = 0; noise != null && recurrent.rate() > 0 && i < layers.size(); i++) {
      w.layers
          .get(i)
          .dropGradients(gradients, recurrent, noise.part(RecurrentStack.WEIGHTS + i), workers);
    }
  }

  /** What one batch leaves behind for the way back; reused by the next. */
  public static final class Tape {
    private final List<SteppedLayer.Tape> layers;
    private final Attention.Memory memory = new Attention.Memory();
    private final Attention.Tape attention = new Attention.Tape();
    private Steps steps = Steps.of();
    private int[] tokens = {};
    private @Nullable CounterRandom noise;

    /** Of each layer its input; behind the last, its output with what was added. */
    private final Matrix[] x;

    private final float[][] values;
    private final Matrix[] dx;
    private final float[][] dValues;

    /** o, and what is left of it for the head. */
    private Matrix outputs = Matrix.of(new float[0], 0, 0);

    private Matrix dropped = outputs;
    private float[] droppedValues = {};
    private Matrix dOutputs = outputs;
    private float[] dOutputValues = {};

    private Tape(List<SteppedLayer.Tape> layers) {
      this.layers = layers;
      x = new Matrix[layers.size() + 1];
      values = new float[layers.size() + 1][0];
      dx = new Matrix[layers.size() + 1];
      dValues = new float[layers.size() + 1][0];
    }

    /** Returns what the head reads, [R][outputs]. */
    public Matrix output() {
      return dropped;
    }

    /** Returns where the gradient of {@link #output} is to be written, [R][outputs]. */
    public Matrix dOutput() {
      return dOutputs;
    }

    /** Returns how the steps attended to their sources. */
    public Attention.Tape attention() {
      return attention;
    }
  }

  public Tape newTape() {
    return new Tape(layers.stream().map(SteppedLayer::newTape).toList());
  }

  /** Makes the rows of the sources ready to be attended to. */
  public void attendTo(Weights w, Steps steps, Matrix rows, Tape tape, Workers workers) {
    if (attention != null) {
      attention.attendTo(w.attention, steps, rows, tape.memory, workers);
    }
  }

  /**
   * What a batch is about to write.
   *
   * @param steps its sequences
   * @param tokens y⟨t-1⟩ of each row
   * @param sources of each sequence, the source that it attends to
   * @param start of each layer, the state before the first step
   * @param fed o before the first step, [B][outputs]; empty for zeros
   */
  public record Task(
      Steps steps, int[] tokens, int[] sources, List<LayerState> start, float[] fed) {}

  /** Sees the outputs of a step before the next begins, and may change the tokens it reads. */
  @FunctionalInterface
  public interface Between {
    /** Is shown the rows from {@code from} up to {@code to}; called by several threads at once. */
    void afterStep(Matrix outputs, int from, int to);
  }

  /**
   * Runs all steps of all sequences.
   *
   * @param noise random numbers for dropout, or null when the network is used and not trained
   * @param between sees each step, or null
   */
  public void forward(
      Weights w,
      Task task,
      @Nullable CounterRandom noise,
      @Nullable Between between,
      Tape tape,
      Workers workers) {
    begin(task, noise, tape);
    Steps steps = task.steps;
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int t = 0; t < steps.length(); t++) {
            int first = steps.row(t, from);
            int end = steps.row(t, to);
            if (first < end) {
              step(w, task, tape, t, from, to);
              if (between != null) {
                between.afterStep(tape.dropped, first, end);
              }
            }
          }
        });
  }

  private void begin(Task task, @Nullable CounterRandom noise, Tape tape) {
    Steps steps = task.steps;
    int rows = steps.rows();
    tape.steps = steps;
    tape.tokens = task.tokens;
    tape.noise = noise;
    for (int i = 0; i <= layers.size(); i++) {
      int width = i < layers.size() ? layers.get(i).layer().inputs() : outputs();
      tape.values[i] = Rows.room(tape.values[i], rows, width);
      tape.x[i] = Matrix.of(tape.values[i], rows, width);
    }
    for (int i = 0; i < layers.size(); i++) {
      SteppedLayer.Tape own = tape.layers.get(i);
      own.own()
          .begin(
              steps, noise == null ? null : new Noise(noise.part(RecurrentStack.ZONEOUT + i), 0));
      layers.get(i).begin(steps, tape.x[i], task.start.get(i), own);
    }
    if (attention != null) {
      attention.begin(steps, task.sources, tape.memory, tape.attention);
    }
    tape.outputs = attention == null ? tape.x[layers.size()] : attention.outputs(tape.attention);
    tape.dropped = tape.outputs;
    if (noise != null && output.rate() > 0) {
      tape.droppedValues = Rows.room(tape.droppedValues, rows, outputs());
      tape.dropped = Matrix.of(tape.droppedValues, rows, outputs());
    }
  }

  /** One step, from the token to what the head reads. */
  private void step(Weights w, Task task, Tape tape, int t, int from, int to) {
    int first = tape.steps.row(t, from);
    int end = tape.steps.row(t, to);
    Matrix x = tape.x[0];
    for (int row = first; row < end; row++) {
      embedding.forward(w.values, tape.tokens[row], x, row);
      if (feeds) {
        feed(task, tape, row);
      }
    }
    Matrix vectors = x.columns(0, embedded).rows(first, end);
    dropWords(vectors, tape, first);
    drop(input, 0, vectors, vectors, tape, first);
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).forward(w.layers.get(i), tape.layers.get(i), t, from, to);
      Matrix a = tape.layers.get(i).own().output();
      Matrix next = tape.x[i + 1];
      for (int row = first; row < end; row++) {
        a.copyRow(row, next, row);
        if (network.addsInput(i)) {
          Matrix below = tape.x[i];
          Rows.add(below.data(), below.row(row), next.data(), next.row(row), next.columns());
        }
      }
      if (i < layers.size() - 1) {
        Matrix rows = next.rows(first, end);
        drop(between, i + 1, rows, rows, tape, first);
      }
    }
    if (attention != null) {
      attention.forward(
          w.attention, tape.memory, tape.x[layers.size()], tape.attention, first, end);
    }
    drop(
        output,
        layers.size(),
        tape.outputs.rows(first, end),
        tape.dropped.rows(first, end),
        tape,
        first);
  }

  private void feed(Task task, Tape tape, int row) {
    int before = tape.steps.before(row);
    int into = tape.x[0].row(row) + embedded;
    float[] target = tape.x[0].data();
    if (before >= 0) {
      System.arraycopy(tape.outputs.data(), tape.outputs.row(before), target, into, outputs());
    } else if (task.fed.length > 0) {
      int sequence = tape.steps.sequence(row);
      System.arraycopy(task.fed, sequence * outputs(), target, into, outputs());
    } else {
      Arrays.fill(target, into, into + outputs(), 0f);
    }
  }

  private void drop(Dropout dropout, int place, Matrix x, Matrix y, Tape tape, int first) {
    CounterRandom noise = tape.noise;
    if (noise != null && dropout.rate() > 0) {
      Steps steps = tape.steps;
      Dropout.MaskOfRow mask =
          network.dropouts().variational()
              ? row -> steps.sequence(first + row)
              : row -> first + row;
      dropout.apply(x, y, noise.part(place), mask, Workers.single());
    }
  }

  private void dropWords(Matrix vectors, Tape tape, int first) {
    CounterRandom noise = tape.noise;
    if (noise != null && words.rate() > 0) {
      words.applyToRows(
          vectors,
          noise.part(RecurrentStack.WORDS),
          row -> tape.tokens[first + row],
          Workers.single());
    }
  }

  /** Returns the state of each layer after the last step of each sequence. */
  public List<LayerState> endStates(Tape tape) {
    return IntStream.range(0, layers.size())
        .mapToObj(i -> layers.get(i).endState(tape.layers.get(i)))
        .toList();
  }

  /** Makes the gradient buffers ready; {@link Tape#dOutput} is to be written then. */
  public void beginBackward(Tape tape) {
    int rows = tape.steps.rows();
    tape.dOutputValues = Rows.room(tape.dOutputValues, rows, outputs());
    tape.dOutputs = Matrix.of(tape.dOutputValues, rows, outputs());
    for (int i = 0; i <= layers.size(); i++) {
      Matrix x = tape.x[i];
      tape.dValues[i] = Rows.room(tape.dValues[i], rows, x.columns());
      tape.dx[i] = Matrix.of(tape.dValues[i], rows, x.columns());
      Arrays.fill(tape.dValues[i], 0, rows * x.columns(), 0f);
    }
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).beginBackward(tape.layers.get(i));
    }
    if (attention != null) {
      attention.beginBackward(tape.memory, tape.attention);
    }
  }

  /**
   * Runs back from the gradient in {@link Tape#dOutput} and adds the gradients of all parameters.
   *
   * @param dMemory receives the gradient of the rows attended to; not used without attention
   * @return of each layer, the gradient of the state before the first step
   */
  public List<LayerState> backward(
      Weights w, Tape tape, Matrix dMemory, float[] gradients, Workers workers) {
    Steps steps = tape.steps;
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int row = 0; row < steps.rows(); row++) {
            if (steps.sequence(row) >= from && steps.sequence(row) < to) {
              Matrix own = tape.dOutputs.rows(row, row + 1);
              drop(output, layers.size(), own, own, tape, row);
            }
          }
          for (int t = steps.length() - 1; t >= 0; t--) {
            if (steps.row(t, from) < steps.row(t, to)) {
              stepBack(w, tape, t, from, to);
            }
          }
        });
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).endBackward(w.layers.get(i), tape.layers.get(i), gradients, workers);
    }
    if (attention != null) {
      attention.endBackward(w.attention, tape.memory, tape.attention, dMemory, gradients, workers);
    }
    embedding.backward(tape.tokens, tape.dx[0].columns(0, embedded), gradients, workers);
    return tape.layers.stream().map(each -> each.own().startGradient()).toList();
  }

  private void stepBack(Weights w, Tape tape, int t, int from, int to) {
    int first = tape.steps.row(t, from);
    int end = tape.steps.row(t, to);
    Matrix dTop = tape.dx[layers.size()];
    if (attention == null) {
      add(tape.dOutputs, dTop, first, end);
    } else {
      attention.backward(w.attention, tape.memory, tape.attention, tape.dOutputs, dTop, first, end);
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      Matrix dNext = tape.dx[i + 1];
      if (i < layers.size() - 1) {
        Matrix rows = dNext.rows(first, end);
        drop(between, i + 1, rows, rows, tape, first);
      }
      add(dNext, tape.layers.get(i).own().dOutput(), first, end);
      layers.get(i).backward(w.layers.get(i), tape.layers.get(i), tape.dx[i], t, from, to);
      if (network.addsInput(i)) {
        add(dNext, tape.dx[i], first, end);
      }
    }
    Matrix dInput = tape.dx[0];
    for (int row = first; feeds && row < end; row++) {
      int before = tape.steps.before(row);
      if (before >= 0) {
        int into = tape.dOutputs.row(before);
        Rows.add(dInput.data(), dInput.row(row) + embedded, tape.dOutputs.data(), into, outputs());
      }
    }
    Matrix vectors = dInput.columns(0, embedded).rows(first, end);
    drop(input, 0, vectors, vectors, tape, first);
    dropWords(vectors, tape, first);
  }

  private static void add(Matrix x, Matrix target, int first, int end) {
    for (int row = first; row < end; row++) {
      Rows.add(x.data(), x.row(row), target.data(), target.row(row), target.columns());
    }
  }
}
