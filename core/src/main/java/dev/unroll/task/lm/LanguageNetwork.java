package dev.unroll.task.lm;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.data.Condition;
import dev.unroll.head.AdaptiveSoftmax;
import dev.unroll.head.LinearHead;
import dev.unroll.head.TokenHead;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerStream;
import dev.unroll.layer.Noise;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.ngram.NgramTable;
import dev.unroll.stack.ParameterizedNetwork;
import dev.unroll.stack.RecurrentStack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network that predicts the next token: {@link RecurrentStack} and softmax head. Built from its
 * description; weights and activations are arguments, so one network serves any number of users.
 */
public final class LanguageNetwork extends ParameterizedNetwork<LanguageNetwork.Weights> {

  private final Network description;
  private final int vocabulary;
  private final @Nullable Condition condition;
  private final GivenVectors vectors;
  final RecurrentStack encoder;
  private final @Nullable ConditionedStart conditionedStart;
  private final TokenHead head;
  private final MixedHead mixed;

  /** Builds the network for {@code vocabulary} tokens. */
  public LanguageNetwork(Network description, int vocabulary) {
    this(description, vocabulary, null);
  }

  /**
   * Builds the network for {@code vocabulary} tokens.
   *
   * @param condition what it writes for, or null for nothing
   */
  public LanguageNetwork(Network description, int vocabulary, @Nullable Condition condition) {
    this(description, vocabulary, condition, null);
  }

  private LanguageNetwork(
      Network description,
      int vocabulary,
      @Nullable Condition condition,
      @Nullable NgramMixture ngrams) {
    mixed = new MixedHead(vocabulary, ngrams);
    this.description = description;
    this.vocabulary = vocabulary;
    this.condition = condition;
    vectors = new GivenVectors(condition);
    if (description.layers().stream().anyMatch(each -> each.direction() != Direction.FORWARD)) {
      throw new InputException(
          "a language model cannot be bidirectional", "Let all layers read forward.");
    }
    try {
      encoder = new RecurrentStack(description, vocabulary, vectors.appended(), "", layout);
      conditionedStart =
          condition == null || condition.place() == Condition.Place.STEPS
              ? null
              : new ConditionedStart(description, condition.inputs(), layout);
      Slice tied = description.tied() ? encoder.embeddingWeight() : null;
      description.checkCutoffs(vocabulary);
      head = AdaptiveSoftmax.of(encoder.outputs(), vocabulary, description.cutoffs(), tied, layout);
    } catch (ArithmeticException e) {
      throw new InputException(
          "the network would have more than 2³¹ parameters",
          "Choose smaller layers or a smaller vocabulary.");
    }
  }

  /** Returns the description it was built from. */
  public Network description() {
    return description;
  }

  /** Returns the same network with n-grams beside it, or by itself. */
  LanguageNetwork withNgrams(@Nullable NgramMixture other) {
    return new LanguageNetwork(description, vocabulary, condition, other);
  }

  /** Returns the n-grams beside the network, or null where it is by itself. */
  @Nullable NgramMixture ngrams() {
    return mixed.ngrams();
  }

  /** Returns whether n-grams stand beside the network. */
  public boolean hasNgrams() {
    return ngrams() != null;
  }

  /** Returns where the vectors of the tokens lie. */
  Slice embeddingWeight() {
    return encoder.embeddingWeight();
  }

  /** Returns where the weights of the outputs lie, a row each; null where they have no such. */
  @Nullable Slice outputWeight() {
    return head.rows();
  }

  /** Returns what it writes for, or null for nothing. */
  public @Nullable Condition condition() {
    return condition;
  }

  /** Returns the number of tokens. */
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public boolean drops() {
    return !description.dropouts().none();
  }

  @Override
  public float[] initialize(long seed) {
    float[] parameters = new float[size()];
    var initialization = new Initialization(seed);
    encoder.initialize(parameters, initialization);
    if (conditionedStart != null) {
      conditionedStart.initialize(parameters, initialization);
    }
    head.initialize(parameters, initialization);
    return parameters;
  }

  /**
   * Parameters in the kernel's layout, ready for use. Matrices are copies; biases, peepholes and
   * the embedding are read from the array itself, which must not change until it is packed again.
   */
  public static final class Weights {
    final RecurrentStack.Weights encoder;
    final TokenHead.Weights head;

    /** What every sequence is written for; none by default. */
    private final float[] given;

    private float[] values = {};

    private Weights(RecurrentStack.Weights encoder, TokenHead.Weights head, float[] given) {
      this.encoder = encoder;
      this.head = head;
      this.given = given;
    }
  }

  /**
   * Returns the same weights for writing for one thing only.
   *
   * @param vector what it writes for
   * @throws InputException if the network does not write for such
   */
  public Weights withCondition(Weights w, float[] vector) {
    if (condition == null) {
      throw new InputException(
          "the model was trained without a condition, so none can be named",
          "Leave {given} out, or use a model that was trained with {given-column}.");
    }
    condition.check(vector);
    return withGiven(w, vector.clone());
  }

  /** Returns the same weights for writing for what others write for. */
  public Weights withConditionOf(Weights w, Weights others) {
    return withGiven(w, others.given);
  }

  private static Weights withGiven(Weights w, float[] vector) {
    var given = new Weights(w.encoder, w.head, vector);
    given.values = w.values;
    return given;
  }

  /** Packs parameters for {@link #forward} and {@link #readLogits}. */
  public Weights pack(float[] parameters, Workers workers) {
    return pack(parameters, Precision.FLOAT32, workers);
  }

  @Override
  public Weights newWeights(Precision precision) {
    return new Weights(encoder.newWeights(precision), head.newWeights(precision), new float[0]);
  }

  @Override
  public void packForward(float[] parameters, Weights weights, Workers workers) {
    weights.values = parameters;
    encoder.packForward(parameters, weights.encoder, workers);
    weights.head.packForward(parameters, workers);
  }

  @Override
  public void packForTraining(
      float[] parameters, Weights weights, @Nullable CounterRandom noise, Workers workers) {
    packStackForTraining(parameters, weights, noise, workers);
    weights.head.packForward(parameters, workers);
    weights.head.packBackward(parameters, workers);
  }

  private void packStackForTraining(
      float[] parameters, Weights weights, @Nullable CounterRandom noise, Workers workers) {
    weights.values = parameters;
    encoder.packForTraining(parameters, weights.encoder, noise, workers);
  }

  /** Packs parameters as the other does, for losses with candidates only. */
  void packForSampling(
      float[] parameters, Weights weights, @Nullable CounterRandom noise, Workers workers) {
    packStackForTraining(parameters, weights, noise, workers);
    weights.head.setForSampling(parameters);
  }

  @Override
  public void dropGradients(
      Weights weights, float[] gradients, @Nullable CounterRandom noise, Workers workers) {
    encoder.dropGradients(gradients, weights.encoder, noise, workers);
  }

  /**
   * Returns the state of {@code batch} sequences before their first token: zeros, or as learned, or
   * as what they are written for says.
   */
  public NetworkState startState(Weights weights, int batch) {
    return startState(weights, GivenVectors.repeated(weights.given, batch), batch);
  }

  /** Returns the state before the first tokens of a batch. */
  public NetworkState startState(Weights weights, Batch batch) {
    return startState(weights, batch.conditions(), batch.steps().batch());
  }

  /**
   * Returns the state before the first tokens of a batch, with the sequences that continue as
   * {@code before} has left them.
   */
  public NetworkState startState(Weights weights, Batch batch, NetworkState before) {
    NetworkState start = startState(weights, batch);
    return batch.anyContinues() ? start.with(batch.continues(), before) : start;
  }

  private NetworkState startState(Weights weights, float[] given, int batch) {
    NetworkState start = plainStart(weights, batch);
    vectors.check(given, batch);
    return conditionedStart == null
        ? start
        : new NetworkState(conditionedStart.forward(start.layers(), given, weights.values))
            .withHistory(start.history());
  }

  /** Returns the state of {@code batch} sequences that are written for nothing. */
  public NetworkState plainStart(Weights weights, int batch) {
    return encoder.startState(weights.encoder, batch).withHistory(mixed.begin(batch));
  }

  /** Returns the same of parameters that are not packed, of a network by itself. */
  NetworkState plainStart(float[] parameters, int batch) {
    return encoder.startState(parameters, batch);
  }

  /** Sets what each row reads beside its token. */
  private void append(Steps steps, float[] given, Buffers buffers) {
    if (vectors.appended() > 0) {
      buffers.given = vectors.ofRows(steps, given, buffers.given);
      buffers.tape.append(Matrix.of(buffers.given, steps.rows(), vectors.appended()));
    }
  }

  /** The buffers of one user: activations, gradients of activations, logits. */
  public static final class Buffers {
    final RecurrentStack.Tape tape;
    final TokenHead.Buffers head = new TokenHead.Buffers();
    private final int checkpointSteps;
    private float[] given = {};
    private int[] histories = {};

    private Buffers(RecurrentStack.Tape tape, int checkpointSteps) {
      this.tape = tape;
      this.checkpointSteps = checkpointSteps;
    }
  }

  /** Returns empty buffers for {@link #forward} only; they grow to the largest batch seen. */
  public Buffers newBuffers() {
    return new Buffers(encoder.newTape(false), 0);
  }

  /** Returns empty buffers for training, which hold so many steps at a time; 0 for all. */
  public Buffers newTrainingBuffers(int checkpointSteps) {
    return new Buffers(encoder.newTape(true), checkpointSteps);
  }

  /** Runs all steps and returns the state after them; logits are then read from the buffers. */
  public NetworkState forward(
      Weights w, Steps steps, int[] tokens, NetworkState start, Buffers buffers, Workers workers) {
    append(
        steps,
        GivenVectors.repeated(w.given, vectors.appended() == 0 ? 0 : steps.batch()),
        buffers);
    encoder.forward(w.encoder, steps, tokens, start, null, buffers.tape, workers);
    return endState(steps, tokens, start, buffers);
  }

  private NetworkState endState(Steps steps, int[] tokens, NetworkState start, Buffers buffers) {
    NgramTable.Histories read = mixed.read(steps, tokens, start.history());
    buffers.histories = read.rows();
    return encoder.endState(buffers.tape).withHistory(read.last());
  }

  /** Runs all steps of a batch, as the other does, written for what the batch says. */
  public NetworkState forward(
      Weights w, Batch batch, NetworkState start, Buffers buffers, Workers workers) {
    append(batch.steps(), batch.conditions(), buffers);
    encoder.forward(w.encoder, batch.steps(), batch.inputs(), start, null, buffers.tape, workers);
    return endState(batch.steps(), batch.inputs(), start, buffers);
  }

  /** Returns the number of outputs of the last layer, which the head reads. */
  public int outputs() {
    return encoder.outputs();
  }

  /** Returns what came out of the last layer in the last {@link #forward}, [R][outputs]. */
  public Matrix outputs(Buffers buffers) {
    return buffers.tape.output();
  }

  /** Shows the logits of every row of the last {@link #forward} to {@code reader}. */
  public void readLogits(Weights w, Buffers buffers, LinearHead.RowReader reader, Workers workers) {
    mixed.forEachRow(rows(w, buffers), reader, workers);
  }

  private static MixedHead.Rows rows(Weights w, Buffers buffers) {
    return new MixedHead.Rows(w.head, buffers.head, buffers.tape.output(), buffers.histories);
  }

  /**
   * Computes, after {@link #forward}, the log-probability of one target a row.
   *
   * @param withRanks whether the targets' ranks among all tokens are wanted
   */
  public void score(
      Weights w,
      Buffers buffers,
      int[] targets,
      boolean withRanks,
      TokenHead.ScoreReader reader,
      Workers workers) {
    mixed.score(rows(w, buffers), new TokenHead.Targets(targets, withRanks), reader, workers);
  }

  /** Returns the layers of a stream of one sequence. */
  public List<LayerStream> newLayerStreams(Weights w) {
    return encoder.newStreams(w.encoder);
  }

  /** Refuses what is no state of one sequence of this network. */
  public void check(NetworkState state) {
    encoder.check(state, 1);
    mixed.check(state);
  }

  /** Returns the width of what the first layer reads. */
  public int inputs() {
    return description.embeddingWidth() + vectors.appended();
  }

  /** Writes what the first layer reads of one token to {@code x}, [1][inputs]. */
  public void embed(Weights w, int token, Matrix x) {
    int width = description.embeddingWidth();
    encoder.embed(w.encoder, token, x.columns(0, width));
    if (vectors.appended() > 0) {
      vectors.check(w.given, 1);
      System.arraycopy(w.given, 0, x.data(), x.row(0) + width, w.given.length);
    }
  }

  /** Adds a token to a history of one sequence, where there are n-grams. */
  public void read(int token, int[] history) {
    mixed.read(token, history);
  }

  public void addInput(int layer, Matrix x, Matrix output, Matrix target) {
    encoder.addInput(layer, x, output, target);
  }

  /** Writes the logits of what comes after states with outputs {@code a} and histories. */
  public void logits(Weights w, TokenHead.Buffers space, Matrix a, int[] histories, Matrix logits) {
    w.head.logits(space, a, logits, Workers.single());
    mixed.mix(logits, histories);
  }

  /** Writes the logits of the token that follows {@code state}, a state of one sequence. */
  public void logits(Weights w, NetworkState state, float[] logits) {
    Matrix a = Matrix.of(state.output(), 1, encoder.outputs());
    var space = new TokenHead.Buffers();
    logits(w, space, a, state.history(), Matrix.of(logits, 1, vocabulary));
  }

  /**
   * What a training step computed.
   *
   * @param loss sum of the cross-entropies of all targets, in nats
   * @param end the state after the last step of each sequence
   */
  public record StepResult(double loss, NetworkState end) {}

  /**
   * Computes the loss of a batch and adds the gradient of its share of the step's mean per token to
   * {@code gradients}.
   *
   * @param batch inputs, targets and shape
   * @param start the state before the first step
   */
  public StepResult lossAndGradient(
      Weights w,
      Batch batch,
      NetworkState start,
      LanguagePass pass,
      Buffers buffers,
      float[] gradients,
      Workers workers) {
    List<Batch.Part> parts = batch.parts(buffers.checkpointSteps);
    CounterRandom noise = pass.noise();
    var states = new ArrayList<NetworkState>();
    states.add(start);
    for (Batch.Part part : parts.subList(0, parts.size() - 1)) {
      states.add(forward(w, part, states.getLast(), noise, buffers, workers));
    }
    RecurrentStack.Tape tape = buffers.tape;
    double[] losses = new double[parts.size()];
    NetworkState end = start;
    NetworkState gradient = null;
    for (int i = parts.size() - 1; i >= 0; i--) {
      Batch part = parts.get(i).batch();
      NetworkState after = forward(w, parts.get(i), states.get(i), noise, buffers, workers);
      end = i == parts.size() - 1 ? after : end;
      tape.beginBackward();
      losses[i] =
          w.head.lossAndGradient(
              buffers.head,
              tape.output(),
              new TokenHead.Loss(
                  part.targets(),
                  pass.objective().labelSmoothing(),
                  1f / pass.tokens(),
                  pass.candidates()),
              new TokenHead.Gradients(tape.dOutput(), gradients),
              workers);
      Steps whole = pass.whole() == null ? batch.steps() : pass.whole();
      var penalties = new Penalties(pass.objective(), pass.tokens(), whole);
      penalties.addGradients(tape, i == 0 ? null : states.get(i), workers);
      gradient = encoder.backward(w.encoder, tape, gradient, gradients, workers);
    }
    if (gradient != null) {
      NetworkState first = batch.anyContinues() ? gradient.without(batch.continues()) : gradient;
      encoder.addStartGradient(first, gradients);
      if (conditionedStart != null) {
        conditionedStart.addGradient(first.layers(), batch.conditions(), gradients);
      }
    }
    return new StepResult(Arrays.stream(losses).sum(), end);
  }

  private NetworkState forward(
      Weights w,
      Batch.Part part,
      NetworkState start,
      @Nullable CounterRandom random,
      Buffers buffers,
      Workers workers) {
    Steps steps = part.batch().steps();
    append(steps, part.batch().conditions(), buffers);
    var noise = random == null ? null : new Noise(random, part.firstRow());
    encoder.forward(w.encoder, steps, part.batch().inputs(), start, noise, buffers.tape, workers);
    return endState(steps, part.batch().inputs(), start, buffers);
  }
}
