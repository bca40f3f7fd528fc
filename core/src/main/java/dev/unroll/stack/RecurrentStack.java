package dev.unroll.stack;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.BidirectionalLayer;
import dev.unroll.layer.BidirectionalTape;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.LayerStream;
import dev.unroll.layer.Noise;
import dev.unroll.layer.Steps;
import dev.unroll.layer.TemporalPenalty;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a network below its head: tokens → embedding → recurrent layers, with dropout in
 * between. Holds no weights and no activations; those are arguments.
 */
public final class RecurrentStack {

  private final Network network;
  private final @Nullable Embedding embedding;
  private final int embedded;
  private final int appended;
  private final List<BidirectionalLayer> layers = new ArrayList<>();
  private final StackDropout dropout;

  /**
   * Builds the network's lower part and lays out its parameters.
   *
   * @param vocabulary number of tokens; 0 where the rows have no tokens but only further inputs
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
    dropout = new StackDropout(network.dropouts(), network.layers().size());
    var forms = network.forms(inputs(), network.learnedStart());
    for (int i = 0; i < forms.size(); i++) {
      var direction = network.layers().get(i).direction();
      layers.add(
          new BidirectionalLayer(forms.get(i), direction, prefix + "layers." + i + ".", layout));
    }
  }

  /** Returns the width of what the first layer reads. */
  private int inputs() {
    return embedded + appended;
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
      embedding.initialize(parameters, initialization);
    }
    for (BidirectionalLayer layer : layers) {
      layer.initialize(parameters, initialization);
    }
  }

  /** Returns the state before the first step of {@code batch} sequences: zeros, or as learned. */
  public NetworkState startState(Weights weights, int batch) {
    return startState(weights.values, batch);
  }

  /** Returns the same of parameters that are not packed. */
  public NetworkState startState(float[] parameters, int batch) {
    var states = layers.stream().map(layer -> layer.startState(parameters, batch)).toList();
    return new NetworkState(states, layers.getLast().output(states.getLast()));
  }

  /** Adds the gradients of states that {@link #startState} returned. */
  public void addStartGradient(NetworkState gradient, float[] gradients) {
    for (int i = 0; network.learnedStart() && i < layers.size(); i++) {
      layers.get(i).addStartGradient(gradient.layers().get(i), gradients);
    }
  }

  /** The weights of all layers in the kernel's layout. */
  public static final class Weights extends StackWeights<BidirectionalLayer.Weights> {
    private Weights(List<BidirectionalLayer.Weights> layers) {
      super(layers);
    }

    /**
     * Remembers what tokens that were read lately contribute to the first layer, until other
     * parameters are packed. It changes no bit; memory is bounded.
     */
    public void rememberTokens() {
      layers.getFirst().rememberInputs();
    }
  }

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public Weights newWeights(Precision precision) {
    return new Weights(layers.stream().map(layer -> layer.newWeights(precision)).toList());
  }

  /** Packs the parameters for {@link #forward}, which then reads the same array. */
  public void packForward(float[] parameters, Weights weights, Workers workers) {
    weights.packForward(parameters, workers);
  }

  /**
   * Packs the parameters for training; where recurrent weights are dropped, what is left of them.
   */
  public void packForTraining(
      float[] parameters, Weights weights, @Nullable CounterRandom noise, Workers workers) {
    weights.packForTraining(parameters, dropout, noise, workers);
  }

  /** Drops the gradients of the weights that {@link #packForTraining} dropped. */
  public void dropGradients(
      float[] gradients, Weights weights, @Nullable CounterRandom noise, Workers workers) {
    weights.dropGradients(gradients, dropout, noise, workers);
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

  /** What one batch leaves for the backward pass; reused by the next batch. */
  public static final class Tape {
    private final List<BidirectionalTape> layers;
    private NetworkState start = new NetworkState(List.of(), new float[0]);
    private Steps steps = Steps.of();
    private int[] tokens = {};
    private StackDropout.OfBatch drops;
    private final Room inputs = new Room();
    private final Room dInputs = new Room();

    /** Of each layer. */
    private final List<Residual> residuals;

    /** Of each layer what comes out, before dropout. */
    private final Matrix[] raw;

    /** Of each layer what comes out, after dropout, where there is any. */
    private final List<Room> dropped;

    private Matrix output = inputs.matrix();
    private Matrix appended = inputs.matrix();
    private Matrix dAppended = inputs.matrix();
    private TemporalPenalty temporal = TemporalPenalty.NONE;
    private float @Nullable [] outputBefore;

    private Tape(List<BidirectionalTape> layers, StackDropout dropout) {
      this.layers = layers;
      drops = dropout.ofBatch(steps, tokens, null);
      residuals = Stream.generate(Residual::new).limit(layers.size()).toList();
      raw = new Matrix[layers.size()];
      dropped = Room.of(layers.size());
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
     * Adds to the backward pass a penalty on the changes of the last layer's outputs from step to
     * step.
     *
     * @param before its outputs before the first step, or null where nothing came before
     */
    public void penalize(TemporalPenalty penalty, float @Nullable [] before) {
      temporal = penalty;
      outputBefore = before;
    }

    /** Prepares the gradient buffers, before {@link #dOutput} is written. */
    public void beginBackward() {
      layers.forEach(BidirectionalTape::beginBackward);
    }
  }

  /** Returns an empty tape; {@code keepsAll} if {@link #backward} will follow. */
  public Tape newTape(boolean keepsAll) {
    return new Tape(layers.stream().map(layer -> layer.newTape(keepsAll)).toList(), dropout);
  }

  /**
   * Runs all steps of all sequences; the outputs are the tape's {@link Tape#output}, and the last
   * states {@link #endState}.
   *
   * @param tokens the token of each row of {@code steps}; none where the rows have no tokens
   * @param noise random numbers for dropout, or null when the network is used and not trained
   */
  public void forward(
      Weights weights,
      Steps steps,
      int[] tokens,
      NetworkState start,
      @Nullable Noise noise,
      Tape tape,
      Workers workers) {
    check(start, steps.batch());
    tape.start = start;
    tape.steps = steps;
    tape.tokens = tokens;
    tape.drops = dropout.ofBatch(steps, tokens, noise);
    Matrix x = tape.inputs.reserve(steps.rows(), inputs());
    if (embedding != null) {
      embedding.forward(weights.values, tokens, vectors(x), workers);
      tape.drops.dropWords(vectors(x), 0, workers);
    }
    if (appended > 0) {
      appendTo(x, tape.appended, workers);
    }
    tape.drops.apply(0, x, 0, workers);
    for (int i = 0; i < layers.size(); i++) {
      BidirectionalTape own = tape.layers.get(i);
      own.begin(steps, tape.drops.zoneout(i));
      layers.get(i).forward(weights.layers.get(i), x, start.layers().get(i), own, workers);
      Matrix a = own.output();
      tape.raw[i] = network.addsInput(i) ? tape.residuals.get(i).forward(x, a, workers) : a;
      x = drop(i, tape.raw[i], tape, workers);
    }
    tape.output = x;
  }

  /** Returns the state after the last step of each sequence that was read last. */
  public NetworkState endState(Tape tape) {
    var ends = new ArrayList<LayerState>();
    for (int i = 0; i < layers.size(); i++) {
      ends.add(layers.get(i).endState(tape.start.layers().get(i), tape.layers.get(i)));
    }
    return new NetworkState(ends, lastOutputs(ends, tape));
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

  /**
   * Returns what a layer gave out at each step of each sequence that was read last, before dropout,
   * [B][steps][width]: a copy.
   *
   * @param layer from 0
   */
  public List<float[][]> outputs(Tape tape, int layer) {
    Matrix rows = tape.raw[layer];
    var all = new ArrayList<float[][]>();
    for (int s = 0; s < tape.steps.batch(); s++) {
      float[][] own = new float[tape.steps.length(s)][];
      for (int t = 0; t < own.length; t++) {
        int at = rows.row(tape.steps.row(t, s));
        own[t] = Arrays.copyOfRange(rows.data(), at, at + rows.columns());
      }
      all.add(own);
    }
    return all;
  }

  /** Adds the input of a layer to its output, in place, for a stream. */
  public void addInput(int layer, Matrix x, Matrix output, Matrix target) {
    if (network.addsInput(layer)) {
      Residual.add(x, output, target, Workers.single());
    }
  }

  /** Returns the last output of each sequence; that of its start where it has no step. */
  private float[] lastOutputs(List<LayerState> ends, Tape tape) {
    int last = layers.size() - 1;
    if (!network.addsInput(last)) {
      return layers.get(last).output(ends.get(last));
    }
    float[] outputs = tape.start.output().clone();
    Matrix target = Matrix.of(outputs, tape.steps.batch(), outputs());
    for (int s = 0; s < tape.steps.batch(); s++) {
      int length = tape.steps.length(s);
      if (length > 0) {
        tape.raw[last].copyRow(tape.steps.row(length - 1, s), target, s);
      }
    }
    return outputs;
  }

  /** Refuses a state that is not one of {@code batch} sequences of this network. */
  public void check(NetworkState start, int batch) {
    boolean fits =
        start.layers().size() == layers.size() && start.output().length == batch * outputs();
    for (int i = 0; fits && i < layers.size(); i++) {
      fits = layers.get(i).fits(start.layers().get(i), batch);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "the state is not one of this network, for %d sequences", batch));
    }
  }

  private static Matrix drop(int layer, Matrix output, Tape tape, Workers workers) {
    if (!tape.drops.drops(layer + 1)) {
      return output;
    }
    Matrix target = tape.dropped.get(layer).reserve(output.rows(), output.columns());
    tape.drops.apply(layer + 1, output, target, 0, workers);
    return target;
  }

  /**
   * Runs backward from the gradient in {@link Tape#dOutput} and adds the gradients of all
   * parameters to {@code gradients}.
   *
   * @param end gradient of the state after the last steps, or null for zero
   * @return gradient of the state before the first steps
   */
  public NetworkState backward(
      Weights weights, Tape tape, @Nullable NetworkState end, float[] gradients, Workers workers) {
    float[] penaltyOfStart = {};
    Matrix dInputs = tape.dInputs.reserve(tape.steps.rows(), inputs());
    for (int i = layers.size() - 1; i >= 0; i--) {
      BidirectionalTape own = tape.layers.get(i);
      tape.drops.apply(i + 1, own.dOutput(), 0, workers);
      if (i == layers.size() - 1 && tape.temporal.factor() != 0) {
        addEndGradient(end, own.dOutput(), tape.steps);
        penaltyOfStart =
            tape.temporal.addGradient(
                tape.steps, tape.raw[i], tape.outputBefore, own.dOutput(), workers);
      }
      if (network.addsInput(i)) {
        tape.residuals.get(i).keep(own.dOutput());
      }
      if (end != null) {
        own.addEndGradient(end.layers().get(i));
      }
      Matrix dx = i > 0 ? tape.layers.get(i - 1).dOutput() : dInputs;
      layers.get(i).backward(weights.layers.get(i), own, dx, gradients, workers);
      if (network.addsInput(i)) {
        tape.residuals.get(i).backward(dx, workers);
      }
    }
    tape.drops.apply(0, dInputs, 0, workers);
    tape.dAppended = dInputs.columns(embedded, inputs());
    if (embedding != null) {
      tape.drops.dropWords(vectors(dInputs), 0, workers);
      embedding.backward(tape.tokens, vectors(dInputs), gradients, workers);
    }
    var start = tape.layers.stream().map(BidirectionalTape::startGradient).toList();
    return new NetworkState(start, penaltyOfStart);
  }

  /** Adds the gradient that the penalty of the steps that follow has for the last outputs. */
  private static void addEndGradient(@Nullable NetworkState end, Matrix gradient, Steps steps) {
    int units = gradient.columns();
    for (int s = 0; end != null && end.output().length > 0 && s < steps.batch(); s++) {
      if (steps.length(s) > 0) {
        int last = gradient.row(steps.row(steps.length(s) - 1, s));
        Rows.add(end.output(), s * units, gradient.data(), last, units);
      }
    }
  }
}
