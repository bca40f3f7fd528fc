package dev.unroll.network;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import dev.unroll.layer.BidirectionalLayer;
import dev.unroll.layer.Dropout;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerForm;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.LayerStream;
import dev.unroll.layer.Noise;
import dev.unroll.layer.Steps;
import dev.unroll.layer.TemporalPenalty;
import dev.unroll.layer.Zoneout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a network below its head: tokens → embedding → recurrent layers, with dropout in
 * between. Holds no weights and no activations; those are arguments.
 */
public final class RecurrentStack {

  /** Random numbers of words that are dropped; those of elements have the numbers from 0 on. */
  static final long WORDS = 1L << 32;

  /** Random numbers of zoneout, of the first layer. */
  static final long ZONEOUT = 1L << 33;

  /** Random numbers of recurrent weights that are dropped, of the first layer. */
  static final long WEIGHTS = WORDS + 1;

  private final Network network;
  private final @Nullable Embedding embedding;
  private final int embedded;
  private final int appended;
  private final List<BidirectionalLayer> layers = new ArrayList<>();
  private final List<Dropout> dropouts = new ArrayList<>();
  private final Dropout words;
  private final Dropout recurrent;

  /** Builds the network's lower part and lays out its parameters. */
  public RecurrentStack(Network network, int vocabulary, Layout layout) {
    this(network, vocabulary, 0, "", layout);
  }

  /**
   * Builds the network's lower part and lays out its parameters.
   *
   * @param vocabulary number of tokens; 0 where the rows have no tokens but the further inputs
   *     alone
   * @param appended number of further inputs of each row, {@link Tape#append}, which follow those
   *     of the embedding
   * @param prefix what the names of all parameters begin with
   */
  public RecurrentStack(
      Network network, int vocabulary, int appended, String prefix, Layout layout) {
    this.network = network;
    this.appended = appended;
    embedded = vocabulary == 0 ? 0 : network.embeddingWidth();
    embedding =
        vocabulary == 0
            ? null
            : new Embedding(vocabulary, embedded, prefix + "embedding.weight", layout);
    int width = inputs();
    Dropouts rates = network.dropouts();
    var zoneout = new Zoneout(rates.state(), rates.memory());
    words = new Dropout(rates.words());
    recurrent = new Dropout(rates.recurrent());
    dropouts.add(new Dropout(rates.input()));
    for (int i = 0; i < network.layers().size(); i++) {
      var layer = network.layers().get(i);
      String own = prefix + "layers." + i + ".";
      var form = form(layer, width, zoneout, network.learnedStart());
      layers.add(new BidirectionalLayer(form, layer.direction(), own, layout));
      width = layer.outputs();
      boolean last = i == network.layers().size() - 1;
      dropouts.add(new Dropout(last ? rates.output() : rates.layer()));
    }
  }

  /** Returns the width of what the first layer reads. */
  private int inputs() {
    return embedded + appended;
  }

  /** Returns what a layer of {@code inputs} inputs is made of. */
  static LayerForm form(Network.Layer layer, int inputs, Zoneout zoneout, boolean learnedStart) {
    return new LayerForm(
        layer.cell(),
        inputs,
        layer.units(),
        layer.projection(),
        layer.normalized(),
        zoneout,
        learnedStart);
  }

  /** Returns where the embedding's vectors lie. */
  public Slice embeddingWeight() {
    return embedding().weight();
  }

  private Embedding embedding() {
    if (embedding == null) {
      throw new IllegalStateException("the rows have no tokens");
    }
    return embedding;
  }

  /** Returns the width of the last layer. */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** Sets first values of all parameters: embedding uniform in ±0.1, layers as they say. */
  public void initialize(float[] parameters, Initialization initialization) {
    if (embedding != null) {
      initialization.uniform(parameters, embedding.weight(), 0.1);
    }
    for (BidirectionalLayer layer : layers) {
      layer.initialize(parameters, initialization);
    }
  }

  /** Returns the state before the first step of {@code batch} sequences: zeros, or as learnt. */
  public NetworkState startState(Weights weights, int batch) {
    var states = layers.stream().map(layer -> layer.startState(weights.values, batch)).toList();
    return new NetworkState(states, layers.getLast().output(states.getLast()));
  }

  /** Adds the gradients of states that {@link #startState} gave. */
  public void addStartGradient(NetworkState gradient, float[] gradients) {
    for (int i = 0; network.learnedStart() && i < layers.size(); i++) {
      layers.get(i).addStartGradient(gradient.layers().get(i), gradients);
    }
  }

  /** The weights of all layers in the kernel's layout. */
  public static final class Weights {
    private final List<BidirectionalLayer.Weights> layers;
    private float[] values = new float[0];

    private Weights(List<BidirectionalLayer.Weights> layers) {
      this.layers = layers;
    }
  }

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public Weights newWeights(Precision precision) {
    return new Weights(layers.stream().map(layer -> layer.newWeights(precision)).toList());
  }

  /** Packs the parameters for {@link #forward}, which then reads the same array. */
  public void packForward(float[] parameters, Weights weights, Workers workers) {
    weights.values = parameters;
    for (BidirectionalLayer.Weights layer : weights.layers) {
      layer.packForward(parameters, workers);
    }
  }

  /** Packs the parameters for {@link #backward}. */
  public void packBackward(float[] parameters, Weights weights, Workers workers) {
    for (BidirectionalLayer.Weights layer : weights.layers) {
      layer.packBackward(parameters, workers);
    }
  }

  /**
   * Packs the parameters for training; where recurrent weights are dropped, what is left of them.
   */
  public void packForTraining(
      float[] parameters, Weights weights, @Nullable CounterRandom noise, Workers workers) {
    if (noise == null || recurrent.rate() == 0) {
      packForward(parameters, weights, workers);
      packBackward(parameters, weights, workers);
      return;
    }
    weights.values = parameters;
    for (int i = 0; i < layers.size(); i++) {
      weights.layers.get(i).packDropped(parameters, recurrent, noise.part(WEIGHTS + i), workers);
    }
  }

  /** Takes from the gradients those of the weights that {@link #packForTraining} dropped. */
  public void dropGradients(
      float[] gradients, Weights weights, @Nullable CounterRandom noise, Workers workers) {
    for (int i = 0; noise != null && recurrent.rate() > 0 && i < layers.size(); i++) {
      weights.layers.get(i).dropGradients(gradients, recurrent, noise.part(WEIGHTS + i), workers);
    }
  }

  /** Returns streams through all layers, each from the zero state. */
  public List<LayerStream> newStreams(Weights weights) {
    var streams = new ArrayList<LayerStream>();
    for (int i = 0; i < layers.size(); i++) {
      streams.add(layers.get(i).newStream(weights.layers.get(i)));
    }
    return streams;
  }

  /** Writes the vector of one token to {@code x}, [1][embedding width]. */
  public void embed(Weights weights, int token, Matrix x) {
    embedding().forward(weights.values, token, x, 0);
  }

  /** What one batch leaves behind for the way back; reused by the next batch. */
  public static final class Tape {
    private final List<BidirectionalLayer.Tape> layers;
    private Steps steps = Steps.of();
    private int[] tokens = new int[0];
    private @Nullable Noise noise;
    private float[] embedded = new float[0];
    private float[] dEmbedded = new float[0];
    private final float[][] dropped;
    private final float[][] sums;
    private final float[][] passing;

    /** Of each layer what comes out, before dropout. */
    private final Matrix[] raw;

    private Matrix output = Matrix.of(embedded, 0, 0);
    private Matrix appended = Matrix.of(embedded, 0, 0);
    private Matrix dAppended = Matrix.of(embedded, 0, 0);
    private TemporalPenalty temporal = TemporalPenalty.NONE;
    private float @Nullable [] outputBefore;

    private Tape(List<BidirectionalLayer.Tape> layers) {
      this.layers = layers;
      dropped = new float[layers.size()][0];
      sums = new float[layers.size()][0];
      passing = new float[layers.size()][0];
      raw = new Matrix[layers.size()];
    }

    /** Returns the last layer's outputs after dropout, [R][outputs]. */
    public Matrix output() {
      return output;
    }

    /** Sets the further inputs of the batch that comes next, [R][appended], row by row. */
    public void append(Matrix further) {
      appended = further;
    }

    /** Returns the gradient of the further inputs, after {@link #backward}. */
    public Matrix dAppended() {
      return dAppended;
    }

    /** Returns where the gradient of {@link #output} is to be written, [R][outputs]. */
    public Matrix dOutput() {
      return layers.get(layers.size() - 1).dOutput();
    }

    /**
     * Has the way back draw the last layer's outputs to those of the step before.
     *
     * @param before its outputs before the first step, or null where nothing came before
     */
    public void penalize(TemporalPenalty penalty, float @Nullable [] before) {
      temporal = penalty;
      outputBefore = before;
    }

    /** Makes the gradient buffers ready; before {@link #dOutput} is written. */
    public void beginBackward() {
      layers.forEach(BidirectionalLayer.Tape::beginBackward);
    }
  }

  /** Returns an empty tape; {@code keepsAll} if {@link #backward} will follow. */
  public Tape newTape(boolean keepsAll) {
    return new Tape(layers.stream().map(layer -> layer.newTape(keepsAll)).toList());
  }

  /**
   * Runs all steps of all sequences; the outputs are the tape's {@link Tape#output}.
   *
   * @param tokens the token of each row of {@code steps}; none where the rows have no tokens
   * @param noise random numbers for dropout, or null when the network is used and not trained
   * @return the state after the last step of each sequence
   */
  public NetworkState forward(
      Weights weights,
      Steps steps,
      int[] tokens,
      NetworkState start,
      @Nullable Noise noise,
      Tape tape,
      Workers workers) {
    check(start, steps.batch());
    tape.steps = steps;
    tape.tokens = tokens;
    tape.noise = noise;
    if (tape.embedded.length < Math.multiplyExact(steps.rows(), inputs())) {
      tape.embedded = new float[steps.rows() * inputs()];
    }
    Matrix x = Matrix.of(tape.embedded, steps.rows(), inputs());
    if (embedding != null) {
      embedding.forward(weights.values, tokens, vectors(x), workers);
      dropWords(vectors(x), tape, workers);
    }
    if (appended > 0) {
      appendTo(x, tape.appended, workers);
    }
    dropInPlace(0, x, tape, workers);
    var ends = new ArrayList<LayerState>();
    for (int i = 0; i < layers.size(); i++) {
      BidirectionalLayer.Tape own = tape.layers.get(i);
      own.begin(steps, noise == null ? null : noise.part(ZONEOUT + i));
      layers.get(i).forward(weights.layers.get(i), x, start.layers().get(i), own, workers);
      ends.add(layers.get(i).endState(start.layers().get(i), own));
      tape.raw[i] = network.addsInput(i) ? sum(x, own.output(), tape, i, workers) : own.output();
      x = drop(i, tape.raw[i], tape, workers);
    }
    tape.output = x;
    return new NetworkState(ends, lastOutputs(start, ends, tape));
  }

  /**
   * Returns the part of the first layer's inputs, or of their gradients, that is the embedding's.
   */
  private Matrix vectors(Matrix x) {
    return x.columns(0, embedded);
  }

  private void appendTo(Matrix x, Matrix further, Workers workers) {
    if (further.rows() != x.rows() || further.columns() != appended) {
      throw new IllegalStateException("the further inputs are not those of these rows");
    }
    int place = embedded;
    workers.run(
        x.rows(),
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int into = x.row(row) + place;
            System.arraycopy(further.data(), further.row(row), x.data(), into, appended);
          }
        });
  }

  /** Adds the input of a layer to its output, in a place of its own. */
  private Matrix sum(Matrix x, Matrix output, Tape tape, int layer, Workers workers) {
    tape.sums[layer] = Rows.room(tape.sums[layer], output.rows(), output.columns());
    Matrix sum = Matrix.of(tape.sums[layer], output.rows(), output.columns());
    addInto(sum, x, output, workers);
    return sum;
  }

  /** Writes {@code target = x + y}, row by row; target may be one of them. */
  private static void addInto(Matrix target, Matrix x, Matrix y, Workers workers) {
    workers.run(
        x.rows(),
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int left = x.row(row);
            int right = y.row(row);
            int into = target.row(row);
            for (int j = 0; j < x.columns(); j++) {
              target.data()[into + j] = x.data()[left + j] + y.data()[right + j];
            }
          }
        });
  }

  /** Adds the input of a layer to its output, in place, for a stream. */
  public void addInput(int layer, Matrix x, Matrix output, Matrix target) {
    if (network.addsInput(layer)) {
      addInto(target, x, output, Workers.single());
    }
  }

  /** What came out last of each sequence; what it began with where it has no step. */
  private float[] lastOutputs(NetworkState start, List<LayerState> ends, Tape tape) {
    int last = layers.size() - 1;
    if (!network.addsInput(last)) {
      return layers.get(last).output(ends.get(last));
    }
    float[] outputs = start.output().clone();
    Matrix target = Matrix.of(outputs, tape.steps.batch(), outputs());
    for (int s = 0; s < tape.steps.batch(); s++) {
      int length = tape.steps.length(s);
      if (length > 0) {
        tape.raw[last].copyRow(tape.steps.row(length - 1, s), target, s);
      }
    }
    return outputs;
  }

  public void check(NetworkState start, int batch) {
    boolean fits =
        start.layers().size() == layers.size() && start.output().length == batch * outputs();
    for (int i = 0; fits && i < layers.size(); i++) {
      fits = layers.get(i).fits(start.layers().get(i), batch);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "the state is not one of this network, for %d sequences".formatted(batch));
    }
  }

  private static Matrix copyOf(Matrix gradient, Tape tape, int layer) {
    tape.passing[layer] = Rows.room(tape.passing[layer], gradient.rows(), gradient.columns());
    Matrix copy = Matrix.of(tape.passing[layer], gradient.rows(), gradient.columns());
    for (int row = 0; row < gradient.rows(); row++) {
      gradient.copyRow(row, copy, row);
    }
    return copy;
  }

  private Matrix drop(int layer, Matrix output, Tape tape, Workers workers) {
    Dropout dropout = dropouts.get(layer + 1);
    Noise noise = tape.noise;
    if (noise == null || dropout.rate() == 0) {
      return output;
    }
    int size = output.rows() * output.columns();
    if (tape.dropped[layer].length < size) {
      tape.dropped[layer] = new float[size];
    }
    Matrix target = Matrix.of(tape.dropped[layer], output.rows(), output.columns());
    var random = noise.random().part(layer + 1);
    dropout.apply(output, target, random, maskOf(tape, noise), workers);
    return target;
  }

  /** A new mask at each step, or one for all steps of a sequence. */
  private Dropout.MaskOfRow maskOf(Tape tape, Noise noise) {
    Steps steps = tape.steps;
    long first = noise.firstRow();
    return network.dropouts().variational() ? steps::sequence : row -> first + row;
  }

  /** The vectors of dropped words become zeros, and so do their gradients. */
  private void dropWords(Matrix vectors, Tape tape, Workers workers) {
    Noise noise = tape.noise;
    if (noise != null && words.rate() > 0) {
      int[] tokens = tape.tokens;
      words.applyToRows(vectors, noise.random().part(WORDS), row -> tokens[row], workers);
    }
  }

  /**
   * Runs back from the gradient in {@link Tape#dOutput} and adds the gradients of all parameters to
   * {@code gradients}.
   *
   * @param end gradient of the state after the last steps, or null for zero
   * @return gradient of the state before the first steps
   */
  public NetworkState backward(
      Weights weights, Tape tape, @Nullable NetworkState end, float[] gradients, Workers workers) {
    float[] penaltyOfStart = {};
    int rows = tape.steps.rows();
    if (tape.dEmbedded.length < rows * inputs()) {
      tape.dEmbedded = new float[rows * inputs()];
    }
    Matrix dEmbedded = Matrix.of(tape.dEmbedded, rows, inputs());
    for (int i = layers.size() - 1; i >= 0; i--) {
      BidirectionalLayer.Tape own = tape.layers.get(i);
      dropInPlace(i + 1, own.dOutput(), tape, workers);
      if (i == layers.size() - 1 && tape.temporal.factor() != 0) {
        addEndGradient(end, own.dOutput(), tape.steps);
        penaltyOfStart =
            tape.temporal.addGradient(
                tape.steps, tape.raw[i], tape.outputBefore, own.dOutput(), workers);
      }
      Matrix passing = network.addsInput(i) ? copyOf(own.dOutput(), tape, i) : null;
      if (end != null) {
        own.addEndGradient(end.layers().get(i));
      }
      Matrix dx = i > 0 ? tape.layers.get(i - 1).dOutput() : dEmbedded;
      layers.get(i).backward(weights.layers.get(i), own, dx, gradients, workers);
      if (passing != null) {
        addInto(dx, dx, passing, workers);
      }
    }
    dropInPlace(0, dEmbedded, tape, workers);
    tape.dAppended = dEmbedded.columns(embedded, inputs());
    if (embedding != null) {
      dropWords(vectors(dEmbedded), tape, workers);
      embedding.backward(tape.tokens, vectors(dEmbedded), gradients, workers);
    }
    var start = tape.layers.stream().map(BidirectionalLayer.Tape::startGradient).toList();
    return new NetworkState(start, penaltyOfStart);
  }

  /** Adds what the penalty of the steps behind asks of the last outputs. */
  private static void addEndGradient(@Nullable NetworkState end, Matrix gradient, Steps steps) {
    int units = gradient.columns();
    for (int s = 0; end != null && end.output().length > 0 && s < steps.batch(); s++) {
      if (steps.length(s) > 0) {
        int last = gradient.row(steps.row(steps.length(s) - 1, s));
        Rows.add(end.output(), s * units, gradient.data(), last, units);
      }
    }
  }

  /** Drops in place: values at the input, and gradients, which pass where the value passed. */
  private void dropInPlace(int place, Matrix gradient, Tape tape, Workers workers) {
    Dropout dropout = dropouts.get(place);
    Noise noise = tape.noise;
    if (noise != null && dropout.rate() > 0) {
      var random = noise.random().part(place);
      dropout.apply(gradient, gradient, random, maskOf(tape, noise), workers);
    }
  }
}
