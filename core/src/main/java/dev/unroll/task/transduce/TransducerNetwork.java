package dev.unroll.task.transduce;

import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.head.AdaptiveSoftmax;
import dev.unroll.head.TokenHead;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.MatrixWeights;
import dev.unroll.layer.Noise;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.stack.Bridge;
import dev.unroll.stack.Decoder;
import dev.unroll.stack.DecoderTape;
import dev.unroll.stack.ParameterizedNetwork;
import dev.unroll.stack.RecurrentStack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An encoder-decoder: {@link RecurrentStack}, a {@link Bridge} for each layer of the {@link
 * Decoder}, and a softmax. Layer i of the decoder begins with the last state of layer i of the
 * encoder, or of its last one where it has fewer. Built from its description; weights and
 * activations are arguments.
 */
public final class TransducerNetwork extends ParameterizedNetwork<TransducerNetwork.Weights> {

  /** Random numbers of the decoder, after those of the encoder. */
  private static final long DECODER = 1L << 34;

  /** Random numbers that say which tokens are the network's own in training. */
  static final long OWN_TOKENS = 1L << 35;

  private final TransducerSpec description;
  private final int sourceVocabulary;
  private final int vocabulary;
  private final RecurrentStack encoder;
  private final List<Bridge> bridges = new ArrayList<>();
  private final Decoder decoder;
  private final TokenHead head;

  /** Builds the network for vocabularies of so many tokens. */
  public TransducerNetwork(TransducerSpec description, int sourceVocabulary, int vocabulary) {
    this.description = description;
    this.sourceVocabulary = sourceVocabulary;
    this.vocabulary = vocabulary;
    Network reading = description.encoder();
    Network writing = description.decoder();
    try {
      encoder = new RecurrentStack(reading, sourceVocabulary, 0, "encoder.", layout);
      decoder =
          new Decoder(
              writing,
              vocabulary,
              encoder.outputs(),
              description.attention(),
              description.feeds(),
              layout);
      for (int i = 0; i < writing.layers().size(); i++) {
        var from = reading.layers().get(Math.min(i, reading.layers().size() - 1));
        String prefix = "bridges." + i + ".";
        bridges.add(new Bridge(from, writing.layers().get(i), prefix, layout));
      }
      Slice tied = writing.tied() ? decoder.embeddingWeight() : null;
      writing.checkCutoffs(vocabulary);
      head = AdaptiveSoftmax.of(decoder.outputs(), vocabulary, writing.cutoffs(), tied, layout);
    } catch (ArithmeticException e) {
      throw new InputException(
          "the network would have more than 2³¹ parameters",
          "Choose smaller layers or a smaller vocabulary.");
    }
  }

  /** Returns the description it was built from. */
  public TransducerSpec description() {
    return description;
  }

  /** Returns the vectors of the sources' tokens. */
  Slice sourceEmbedding() {
    return encoder.embeddingWeight();
  }

  /** Returns those of the targets', where nothing else reads them; null where the head does. */
  @Nullable Slice ownTargetEmbedding() {
    return description.decoder().tied() ? null : decoder.embeddingWeight();
  }

  /** Returns the number of tokens of sources. */
  int sourceVocabulary() {
    return sourceVocabulary;
  }

  /** Returns the number of tokens of targets. */
  int vocabulary() {
    return vocabulary;
  }

  @Override
  public boolean drops() {
    return !description.encoder().dropouts().none() || !description.decoder().dropouts().none();
  }

  @Override
  public float[] initialize(long seed) {
    float[] parameters = new float[size()];
    var initialization = new Initialization(seed);
    encoder.initialize(parameters, initialization);
    decoder.initialize(parameters, initialization);
    bridges.forEach(bridge -> bridge.initialize(parameters, initialization));
    head.initialize(parameters, initialization);
    return parameters;
  }

  /** Parameters in the kernel's layout, ready for use. */
  public static final class Weights {
    private final RecurrentStack.Weights encoder;
    private final List<MatrixWeights> bridges;
    private final Decoder.Weights decoder;
    private final TokenHead.Weights head;

    private Weights(
        RecurrentStack.Weights encoder,
        List<MatrixWeights> bridges,
        Decoder.Weights decoder,
        TokenHead.Weights head) {
      this.encoder = encoder;
      this.bridges = bridges;
      this.decoder = decoder;
      this.head = head;
    }
  }

  @Override
  public Weights newWeights(Precision precision) {
    return new Weights(
        encoder.newWeights(precision),
        bridges.stream().map(bridge -> new MatrixWeights(precision)).toList(),
        decoder.newWeights(precision),
        head.newWeights(precision));
  }

  @Override
  public void packForward(float[] parameters, Weights w, Workers workers) {
    encoder.packForward(parameters, w.encoder, workers);
    decoder.packForward(parameters, w.decoder, workers);
    packRest(parameters, w, workers);
  }

  private void packRest(float[] parameters, Weights w, Workers workers) {
    for (int i = 0; i < bridges.size(); i++) {
      bridges.get(i).packForward(parameters, w.bridges.get(i), workers);
    }
    w.head.packForward(parameters, workers);
  }

  @Override
  public void packForTraining(
      float[] parameters, Weights w, @Nullable CounterRandom noise, Workers workers) {
    encoder.packForTraining(parameters, w.encoder, noise, workers);
    decoder.packForTraining(parameters, w.decoder, ofDecoder(noise), workers);
    packRest(parameters, w, workers);
    for (int i = 0; i < bridges.size(); i++) {
      bridges.get(i).packBackward(parameters, w.bridges.get(i), workers);
    }
    w.head.packBackward(parameters, workers);
  }

  @Override
  public void dropGradients(
      Weights w, float[] gradients, @Nullable CounterRandom noise, Workers workers) {
    encoder.dropGradients(gradients, w.encoder, noise, workers);
    decoder.dropGradients(gradients, w.decoder, ofDecoder(noise), workers);
  }

  private static @Nullable CounterRandom ofDecoder(@Nullable CounterRandom noise) {
    return noise == null ? null : noise.part(DECODER);
  }

  /** The buffers of one user; they grow to the largest batch seen. */
  public static final class Buffers {
    private final RecurrentStack.Tape encoder;
    private final List<Bridge.Tape> bridges;
    private final DecoderTape decoder;
    private final TokenHead.Buffers head = new TokenHead.Buffers();

    private Buffers(RecurrentStack.Tape encoder, List<Bridge.Tape> bridges, DecoderTape decoder) {
      this.encoder = encoder;
      this.bridges = bridges;
      this.decoder = decoder;
    }
  }

  /** Returns empty buffers; {@code trains} if {@link #lossAndGradient} will use them. */
  public Buffers newBuffers(boolean trains) {
    return new Buffers(
        encoder.newTape(trains),
        bridges.stream().map(bridge -> new Bridge.Tape()).toList(),
        decoder.newTape());
  }

  /** Reads the sources, and returns the state that each layer of the decoder begins with. */
  private Beginning read(
      Weights w,
      Steps steps,
      int[] tokens,
      @Nullable CounterRandom noise,
      Buffers space,
      Workers workers) {
    NetworkState zeros = encoder.startState(w.encoder, steps.batch());
    var own = noise == null ? null : new Noise(noise, 0);
    encoder.forward(w.encoder, steps, tokens, zeros, own, space.encoder, workers);
    NetworkState end = encoder.endState(space.encoder);
    decoder.attendTo(w.decoder, steps, space.encoder.output(), space.decoder, workers);
    var states = new ArrayList<LayerState>();
    for (int i = 0; i < bridges.size(); i++) {
      LayerState from = end.layers().get(Math.min(i, end.layers().size() - 1));
      states.add(
          bridges.get(i).forward(w.bridges.get(i), from, steps.batch(), space.bridges.get(i)));
    }
    return new Beginning(end, states);
  }

  /**
   * Reads one source and returns the outputs of a layer of the encoder, [tokens][width].
   *
   * @param tokens of the source
   * @param layer from 0
   */
  public float[][] outputs(Weights w, int[] tokens, int layer, Buffers space, Workers workers) {
    NetworkState start = encoder.startState(w.encoder, 1);
    Steps steps = Steps.of(tokens.length);
    encoder.forward(w.encoder, steps, tokens, start, null, space.encoder, workers);
    return encoder.outputs(space.encoder, layer).getFirst();
  }

  /** The last states of the encoder, and the first of the decoder. */
  private record Beginning(NetworkState end, List<LayerState> states) {}

  /**
   * How a batch is taken in a step of training.
   *
   * @param noise random numbers of the step
   * @param drops whether they are used for dropout
   * @param smoothing share of a target's probability that all tokens get alike
   * @param ownTokens probability that the decoder reads its own likeliest token instead of the
   *     target's (scheduled sampling, Bengio et al. 2015)
   * @param tokens targets of the whole step, of which the batch has a part or all
   */
  record Pass(CounterRandom noise, boolean drops, double smoothing, double ownTokens, int tokens) {
    private @Nullable CounterRandom dropout() {
      return drops ? noise : null;
    }
  }

  /**
   * Computes the loss of a batch and adds the gradient of its share of the step's mean per token to
   * {@code gradients}.
   *
   * @return the sum of the cross-entropies of all targets, in nats
   */
  double lossAndGradient(
      Weights w,
      TransducerBatch batch,
      Pass pass,
      Buffers space,
      float[] gradients,
      Workers workers) {
    CounterRandom noise = pass.dropout();
    Beginning beginning = read(w, batch.source(), batch.sourceTokens(), noise, space, workers);
    int[] inputs = pass.ownTokens > 0 ? batch.inputs().clone() : batch.inputs();
    Decoder.Between between =
        pass.ownTokens > 0 ? ownTokens(w, batch.target(), inputs, pass) : null;
    var task = taskOf(batch.target(), inputs, beginning.states);
    decoder.forward(w.decoder, task, ofDecoder(noise), between, space.decoder, workers);
    decoder.beginBackward(space.decoder);
    double loss =
        w.head.lossAndGradient(
            space.head,
            space.decoder.output(),
            new TokenHead.Loss(batch.targets(), pass.smoothing, 1f / pass.tokens),
            new TokenHead.Gradients(space.decoder.dOutput(), gradients),
            workers);
    space.encoder.beginBackward();
    Matrix dMemory = space.encoder.dOutput();
    for (int row = 0; description.attention() == null && row < dMemory.rows(); row++) {
      int at = dMemory.row(row);
      Arrays.fill(dMemory.data(), at, at + dMemory.columns(), 0f);
    }
    List<LayerState> dStates =
        decoder.backward(w.decoder, space.decoder, dMemory, gradients, workers);
    NetworkState dEnd = bridgesBack(w, beginning, dStates, space, gradients);
    NetworkState dStart = encoder.backward(w.encoder, space.encoder, dEnd, gradients, workers);
    encoder.addStartGradient(dStart, gradients);
    return loss;
  }

  private static Decoder.Task taskOf(Steps steps, int[] inputs, List<LayerState> states) {
    int[] sources = IntStream.range(0, steps.batch()).toArray();
    return new Decoder.Task(steps, inputs, sources, states, new float[0]);
  }

  /** After each step, some of the tokens that the next one reads become the network's own. */
  private Decoder.Between ownTokens(Weights w, Steps steps, int[] inputs, Pass pass) {
    CounterRandom chance = pass.noise.part(OWN_TOKENS);
    int[] after = new int[steps.rows()];
    for (int row = 0; row < after.length; row++) {
      if (steps.before(row) >= 0) {
        after[steps.before(row)] = row;
      }
    }
    return (outputs, from, to) -> {
      float[] logits = new float[vocabulary];
      var space = new TokenHead.Buffers();
      for (int row = from; row < to; row++) {
        int next = after[row];
        if (next > 0 && chance.uniform(next) < pass.ownTokens) {
          Matrix own = Matrix.of(logits, 1, vocabulary);
          w.head.logits(space, outputs.rows(row, row + 1), own, Workers.single());
          inputs[next] = Reductions.placeOfMax(logits, 0, vocabulary);
        }
      }
    };
  }

  /** Layers of the encoder from which several layers begin get the sum of their gradients. */
  private NetworkState bridgesBack(
      Weights w, Beginning beginning, List<LayerState> dStates, Buffers space, float[] gradients) {
    var sums = new ArrayList<LayerState>();
    for (LayerState end : beginning.end.layers()) {
      sums.add(new LayerState(new float[end.a().length], new float[end.c().length]));
    }
    for (int i = 0; i < bridges.size(); i++) {
      LayerState sum = sums.get(Math.min(i, sums.size() - 1));
      bridges
          .get(i)
          .backward(w.bridges.get(i), dStates.get(i), sum, space.bridges.get(i), gradients);
    }
    return new NetworkState(sums, new float[0]);
  }

  /** Returns the cross-entropy of each target of a batch, in nats. */
  double[] losses(Weights w, TransducerBatch batch, Buffers space, Workers workers) {
    Beginning beginning = read(w, batch.source(), batch.sourceTokens(), null, space, workers);
    var task = taskOf(batch.target(), batch.inputs(), beginning.states);
    decoder.forward(w.decoder, task, null, null, space.decoder, workers);
    double[] losses = new double[batch.target().rows()];
    w.head.score(
        space.head,
        space.decoder.output(),
        new TokenHead.Targets(batch.targets(), false),
        (row, logProbability, rank) -> losses[row] = -logProbability,
        workers);
    return losses;
  }

  /**
   * Where some beginnings of targets stand: a row for each.
   *
   * @param sources of each, the source that it is written for
   * @param states of each layer, the state after it
   * @param fed what the next step is fed with in addition to the token; empty before the first
   */
  public record Front(int[] sources, List<LayerState> states, float[] fed) {
    /** Copies the list. */
    public Front {
      states = List.copyOf(states);
    }
  }

  /** Reads sources, and returns where the targets of all begin, one for each. */
  public Front begin(Weights w, Steps steps, int[] tokens, Buffers space, Workers workers) {
    Beginning beginning = read(w, steps, tokens, null, space, workers);
    int[] sources = IntStream.range(0, steps.batch()).toArray();
    return new Front(sources, beginning.states, new float[0]);
  }

  /**
   * Writes one token more of each beginning.
   *
   * @param tokens the last token of each; {@link dev.unroll.layer.Embedding#START} of an empty one
   * @param logits receives those of the token that comes next, [beginnings][vocabulary]
   * @param shares receives how much each row of a source counts, [beginnings][longest source], or
   *     is null where that is not wanted
   */
  public Front step(
      Weights w,
      Front front,
      int[] tokens,
      Buffers space,
      Matrix logits,
      float @Nullable [][] shares,
      Workers workers) {
    var steps = Steps.equal(1, tokens.length);
    var task = new Decoder.Task(steps, tokens, front.sources, front.states, front.fed);
    decoder.forward(w.decoder, task, null, null, space.decoder, workers);
    Matrix outputs = space.decoder.output();
    w.head.logits(space.head, outputs, logits, workers);
    for (int row = 0; shares != null && row < tokens.length; row++) {
      for (int s = 0; s < shares[row].length; s++) {
        shares[row][s] = space.decoder.attention().share(row, s);
      }
    }
    float[] fed = description.feeds() ? outputs.copyOfElements() : new float[0];
    return new Front(front.sources, decoder.endStates(space.decoder), fed);
  }

  /** Returns some of the beginnings, in the order of {@code chosen}, each as often as named. */
  Front choose(Front front, int[] chosen) {
    int count = front.sources.length;
    int[] sources = IntStream.of(chosen).map(i -> front.sources[i]).toArray();
    var states =
        front.states.stream()
            .map(
                state ->
                    new LayerState(rows(state.a(), count, chosen), rows(state.c(), count, chosen)))
            .toList();
    return new Front(sources, states, rows(front.fed, count, chosen));
  }

  private static float[] rows(float[] values, int count, int[] chosen) {
    int width = values.length / Math.max(1, count);
    float[] some = new float[width * chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(values, chosen[i] * width, some, i * width, width);
    }
    return some;
  }
}
