package dev.unroll.stack;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Attention;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerForm;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.Noise;
import dev.unroll.layer.RecurrentLayer;
import dev.unroll.layer.RecurrentWeights;
import dev.unroll.layer.SteppedLayer;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of an encoder-decoder that writes, below its head: at each step the token before →
 * embedding → recurrent layers → {@link Attention} to what the encoder read, if there is any. With
 * input feeding (Luong et al. 2015) the attention's output is read again at the next step, next to
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
  private final StackDropout dropout;

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
      @Nullable AttentionKind kind,
      boolean feeds,
      Layout layout) {
    this.network = network;
    this.feeds = feeds;
    embedded = network.embeddingWidth();
    embedding = new Embedding(vocabulary, embedded, "decoder.embedding.weight", layout);
    dropout = new StackDropout(network.dropouts(), network.layers().size());
    int inputs = embedded + (feeds ? outputs() : 0);
    for (LayerForm form : network.forms(inputs, false)) {
      String prefix = "decoder.layers." + layers.size() + ".";
      layers.add(new SteppedLayer(new RecurrentLayer(form, prefix, layout)));
    }
    attention =
        kind == null ? null : new Attention(kind, outputs(), memoryWidth, "decoder.", layout);
  }

  /** Returns where the embedding's vectors lie. */
  public Slice embeddingWeight() {
    return embedding.weight();
  }

  /** Returns the width of o. */
  public int outputs() {
    return network.layers().getLast().outputs();
  }

  /** Sets first values of all parameters. */
  public void initialize(float[] parameters, Initialization initialization) {
    embedding.initialize(parameters, initialization);
    layers.forEach(layer -> layer.layer().initialize(parameters, initialization));
    if (attention != null) {
      attention.initialize(parameters, initialization);
    }
  }

  /** The weights in the kernel's layout. */
  public static final class Weights extends StackWeights<RecurrentWeights> {
    private final Attention.Weights attention;

    private Weights(List<RecurrentWeights> layers, Precision precision) {
      super(layers);
      attention = new Attention.Weights(precision);
    }
  }

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public Weights newWeights(Precision precision) {
    return new Weights(
        layers.stream().map(each -> each.layer().newWeights(precision)).toList(), precision);
  }

  /** Packs the parameters for {@link #forward}, which then reads the same array. */
  public void packForward(float[] parameters, Weights w, Workers workers) {
    w.packForward(parameters, workers);
    if (attention != null) {
      attention.packForward(parameters, w.attention, workers);
    }
  }

  /**
   * Packs the parameters for training; where recurrent weights are dropped, what is left of them.
   */
  public void packForTraining(
      float[] parameters, Weights w, @Nullable CounterRandom noise, Workers workers) {
    w.packForTraining(parameters, dropout, noise, workers);
    if (attention != null) {
      attention.packForward(parameters, w.attention, workers);
      attention.packBackward(parameters, w.attention, workers);
    }
  }

  /** Drops the gradients of the weights that {@link #packForTraining} dropped. */
  public void dropGradients(
      float[] gradients, Weights w, @Nullable CounterRandom noise, Workers workers) {
    w.dropGradients(gradients, dropout, noise, workers);
  }

  /** Returns an empty tape. */
  public DecoderTape newTape() {
    return new DecoderTape(layers.stream().map(SteppedLayer::newTape).toList(), dropout);
  }

  /** Prepares the rows of the sources to be attended to. */
  public void attendTo(Weights w, Steps steps, Matrix rows, DecoderTape tape, Workers workers) {
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
    /** Receives the rows {@code from … to}; called by several threads at once. */
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
      DecoderTape tape,
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

  private void begin(Task task, @Nullable CounterRandom noise, DecoderTape tape) {
    Steps steps = task.steps;
    int rows = steps.rows();
    tape.steps = steps;
    tape.tokens = task.tokens;
    tape.drops = dropout.ofBatch(steps, task.tokens, noise == null ? null : new Noise(noise, 0));
    for (int i = 0; i <= layers.size(); i++) {
      int width = i < layers.size() ? layers.get(i).layer().inputs() : outputs();
      tape.x.get(i).reserve(rows, width);
    }
    for (int i = 0; i < layers.size(); i++) {
      SteppedLayer.Tape own = tape.layers.get(i);
      own.own().begin(steps, tape.drops.zoneout(i));
      layers.get(i).begin(steps, tape.x(i), task.start.get(i), own);
    }
    if (attention != null) {
      attention.begin(steps, task.sources, tape.memory, tape.attention);
    }
    tape.outputs = attention == null ? tape.x(layers.size()) : attention.outputs(tape.attention);
    tape.dropped = tape.outputs;
    if (tape.drops.drops(layers.size())) {
      tape.dropped = tape.droppedOutputs.reserve(rows, outputs());
    }
  }

  /** Computes one step, from the token to what the head reads. */
  private void step(Weights w, Task task, DecoderTape tape, int t, int from, int to) {
    int first = tape.steps.row(t, from);
    int end = tape.steps.row(t, to);
    readTokens(w, task, tape, first, end);
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).forward(w.layers.get(i), tape.layers.get(i), t, from, to);
      Matrix a = tape.layers.get(i).own().output();
      Matrix next = tape.x(i + 1);
      for (int row = first; row < end; row++) {
        a.copyRow(row, next, row);
        if (network.addsInput(i)) {
          Matrix below = tape.x(i);
          Rows.add(below.data(), below.row(row), next.data(), next.row(row), next.columns());
        }
      }
      if (i < layers.size() - 1) {
        tape.drops.apply(i + 1, next.rows(first, end), first, Workers.single());
      }
    }
    if (attention != null) {
      attention.forward(
          w.attention, tape.memory, tape.x(layers.size()), tape.attention, first, end);
    }
    tape.drops.apply(
        layers.size(),
        tape.outputs.rows(first, end),
        tape.dropped.rows(first, end),
        first,
        Workers.single());
  }

  /** Writes the input of the first layer. */
  private void readTokens(Weights w, Task task, DecoderTape tape, int first, int end) {
    Matrix x = tape.x(0);
    for (int row = first; row < end; row++) {
      embedding.forward(w.values, tape.tokens[row], x, row);
      if (feeds) {
        feed(task, tape, row);
      }
    }
    Matrix vectors = x.columns(0, embedded).rows(first, end);
    tape.drops.dropWords(vectors, first, Workers.single());
    tape.drops.apply(0, vectors, first, Workers.single());
  }

  /** Writes o⟨t-1⟩ next to the vector of a token. */
  private void feed(Task task, DecoderTape tape, int row) {
    int before = tape.steps.before(row);
    int into = tape.x(0).row(row) + embedded;
    float[] target = tape.x(0).data();
    if (before >= 0) {
      System.arraycopy(tape.outputs.data(), tape.outputs.row(before), target, into, outputs());
    } else if (task.fed.length > 0) {
      int sequence = tape.steps.sequence(row);
      System.arraycopy(task.fed, sequence * outputs(), target, into, outputs());
    } else {
      Arrays.fill(target, into, into + outputs(), 0f);
    }
  }

  /** Returns the state of each layer after the last step of each sequence. */
  public List<LayerState> endStates(DecoderTape tape) {
    return IntStream.range(0, layers.size())
        .mapToObj(i -> layers.get(i).endState(tape.layers.get(i)))
        .toList();
  }

  /** Prepares the gradient buffers; {@link DecoderTape#dOutput} is to be written then. */
  public void beginBackward(DecoderTape tape) {
    int rows = tape.steps.rows();
    tape.dOutputs.reserve(rows, outputs());
    for (int i = 0; i <= layers.size(); i++) {
      Matrix dx = tape.dx.get(i).reserve(rows, tape.x(i).columns());
      Arrays.fill(dx.data(), 0, rows * dx.columns(), 0f);
    }
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).beginBackward(tape.layers.get(i));
    }
    if (attention != null) {
      attention.beginBackward(tape.memory, tape.attention);
    }
  }

  /**
   * Runs backward from the gradient in {@link DecoderTape#dOutput} and adds the gradients of all
   * parameters.
   *
   * @param dMemory receives the gradient of the rows attended to; not used without attention
   * @return of each layer, the gradient of the state before the first step
   */
  public List<LayerState> backward(
      Weights w, DecoderTape tape, Matrix dMemory, float[] gradients, Workers workers) {
    Steps steps = tape.steps;
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int row = 0; row < steps.rows(); row++) {
            if (steps.sequence(row) >= from && steps.sequence(row) < to) {
              Matrix own = tape.dOutput().rows(row, row + 1);
              tape.drops.apply(layers.size(), own, row, Workers.single());
            }
          }
          for (int t = steps.length() - 1; t >= 0; t--) {
            if (steps.row(t, from) < steps.row(t, to)) {
              stepBackward(w, tape, t, from, to);
            }
          }
        });
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).endBackward(w.layers.get(i), tape.layers.get(i), gradients, workers);
    }
    if (attention != null) {
      attention.endBackward(w.attention, tape.memory, tape.attention, dMemory, gradients, workers);
    }
    embedding.backward(tape.tokens, tape.dx(0).columns(0, embedded), gradients, workers);
    return tape.layers.stream().map(each -> each.own().startGradient()).toList();
  }

  /** Runs {@link #step} backward. */
  private void stepBackward(Weights w, DecoderTape tape, int t, int from, int to) {
    int first = tape.steps.row(t, from);
    int end = tape.steps.row(t, to);
    Matrix dTop = tape.dx(layers.size());
    if (attention == null) {
      add(tape.dOutput(), dTop, first, end);
    } else {
      attention.backward(
          w.attention, tape.memory, tape.attention, tape.dOutput(), dTop, first, end);
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      Matrix dNext = tape.dx(i + 1);
      if (i < layers.size() - 1) {
        tape.drops.apply(i + 1, dNext.rows(first, end), first, Workers.single());
      }
      add(dNext, tape.layers.get(i).own().dOutput(), first, end);
      layers.get(i).backward(w.layers.get(i), tape.layers.get(i), tape.dx(i), t, from, to);
      if (network.addsInput(i)) {
        add(dNext, tape.dx(i), first, end);
      }
    }
    readBackward(tape, first, end);
  }

  /** Passes the gradient of the first layer's input to o⟨t-1⟩ and to what dropout left. */
  private void readBackward(DecoderTape tape, int first, int end) {
    Matrix dInput = tape.dx(0);
    Matrix dOutputs = tape.dOutput();
    for (int row = first; feeds && row < end; row++) {
      int before = tape.steps.before(row);
      if (before >= 0) {
        int into = dOutputs.row(before);
        Rows.add(dInput.data(), dInput.row(row) + embedded, dOutputs.data(), into, outputs());
      }
    }
    Matrix vectors = dInput.columns(0, embedded).rows(first, end);
    tape.drops.apply(0, vectors, first, Workers.single());
    tape.drops.dropWords(vectors, first, Workers.single());
  }

  /** Adds some rows of {@code x} to those of {@code target}. */
  private static void add(Matrix x, Matrix target, int first, int end) {
    for (int row = first; row < end; row++) {
      Rows.add(x.data(), x.row(row), target.data(), target.row(row), target.columns());
    }
  }
}
