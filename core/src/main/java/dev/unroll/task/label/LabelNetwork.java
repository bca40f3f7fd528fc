package dev.unroll.task.label;

import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.head.LinearChainCrf;
import dev.unroll.head.LinearHead;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.MatrixWeights;
import dev.unroll.layer.Noise;
import dev.unroll.layer.Pooling;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.stack.ParameterizedNetwork;
import dev.unroll.stack.RecurrentStack;
import dev.unroll.task.label.LabelSpec.PerSequence;
import dev.unroll.task.label.LabelSpec.PerStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network that reads whole sequences and labels them, or each of their steps: {@link
 * RecurrentStack} with {@link FurtherInputs} beside the embedding, then {@link Pooling} or each
 * step by itself, then a softmax, sigmoids or a {@link LinearChainCrf}. The scores of a sequence's
 * labels may have a part that is not trained, but counted: the weights {@code ngrams.weight}
 * [n-grams][labels] of its n-grams. Built from its description; weights and activations are
 * arguments.
 */
public final class LabelNetwork extends ParameterizedNetwork<LabelNetwork.Weights> {

  /** The name of the weights of n-grams. */
  static final String NGRAMS = "ngrams.weight";

  private final LabelSpec description;
  private final FurtherInputs further;
  private final RecurrentStack encoder;
  private final @Nullable Pooling pooling;
  private final LinearHead head;
  private final @Nullable LinearChainCrf crf;
  private final @Nullable Slice ngrams;

  /**
   * Builds the network.
   *
   * @param vocabulary number of tokens
   * @param characters number of characters, where words are read by them too
   */
  public LabelNetwork(LabelSpec description, int vocabulary, int characters) {
    this.description = description;
    Network network = description.network();
    var output = description.output();
    try {
      further = new FurtherInputs(description, characters, layout);
      encoder = new RecurrentStack(network, vocabulary, further.outputs(), "", layout);
      var direction = network.layers().getLast().direction();
      pooling =
          output instanceof PerSequence whole
              ? new Pooling(whole.pooling(), encoder.outputs(), direction, layout)
              : null;
      head = new LinearHead("head.", encoder.outputs(), output.labels(), null, layout);
      boolean chained = output instanceof PerStep steps && steps.crf();
      crf = chained ? new LinearChainCrf(output.labels(), layout) : null;
      int counted = description.ngrams();
      ngrams = counted == 0 ? null : layout.matrix(NGRAMS, counted, output.labels());
    } catch (ArithmeticException e) {
      throw new InputException(
          "the network would have more than 2³¹ parameters",
          "Choose smaller layers or a smaller vocabulary.");
    }
  }

  /** Returns the description it was built from. */
  public LabelSpec description() {
    return description;
  }

  /** Returns whether a sequence may have any number of labels. */
  public boolean multiLabel() {
    return description.output() instanceof PerSequence whole && whole.multiLabel();
  }

  /** Returns whether each step has a label, and not each sequence. */
  boolean perStep() {
    return description.output() instanceof PerStep;
  }

  /** Returns the number of labels. */
  int labels() {
    return head.outputs();
  }

  /** Returns the places of the parameters that training changes: all but the weights of n-grams. */
  List<Slice> trained() {
    return slices().stream().filter(slice -> !slice.equals(ngrams)).toList();
  }

  /** Returns where the vectors of tokens lie, into which those that were trained before may go. */
  Slice embeddingWeight() {
    return encoder.embeddingWeight();
  }

  @Override
  public boolean drops() {
    return !description.network().dropouts().none();
  }

  @Override
  public float[] initialize(long seed) {
    float[] parameters = new float[size()];
    var initialization = new Initialization(seed);
    further.initialize(parameters, initialization);
    encoder.initialize(parameters, initialization);
    if (pooling != null) {
      pooling.initialize(parameters, initialization);
    }
    initialization.uniform(parameters, head.weight(), Math.sqrt(1.0 / encoder.outputs()));
    return parameters;
  }

  /** Parameters in the kernel's layout, ready for use. */
  public static final class Weights {
    private final FurtherInputs.Weights further;
    private final RecurrentStack.Weights encoder;
    private final MatrixWeights pooling;
    private final LinearHead.Weights head;
    private float[] values = {};

    private Weights(
        FurtherInputs.Weights further, RecurrentStack.Weights encoder, Precision precision) {
      this.further = further;
      this.encoder = encoder;
      pooling = new MatrixWeights(precision);
      head = new LinearHead.Weights(precision);
    }

    /**
     * Remembers what depends on a word alone, of words that were read lately, until other
     * parameters are packed; training must not follow. It changes no bit. Memory: as bounded by
     * {@link dev.unroll.layer.RecentVectors}, for the vectors of spelled words and for what each
     * way of the first layer makes of its inputs, each.
     */
    void rememberWords() {
      further.rememberWords();
      encoder.rememberTokens();
    }
  }

  @Override
  public Weights newWeights(Precision precision) {
    return new Weights(further.newWeights(precision), encoder.newWeights(precision), precision);
  }

  @Override
  public void packForward(float[] parameters, Weights w, Workers workers) {
    encoder.packForward(parameters, w.encoder, workers);
    packRest(parameters, w, workers);
  }

  private void packRest(float[] parameters, Weights w, Workers workers) {
    w.values = parameters;
    further.packForward(parameters, w.further, workers);
    if (pooling != null) {
      pooling.packForward(parameters, w.pooling, workers);
    }
    head.packForward(parameters, w.head, workers);
  }

  @Override
  public void packForTraining(
      float[] parameters, Weights w, @Nullable CounterRandom noise, Workers workers) {
    encoder.packForTraining(parameters, w.encoder, noise, workers);
    packRest(parameters, w, workers);
    further.packBackward(parameters, w.further, workers);
    if (pooling != null) {
      pooling.packBackward(parameters, w.pooling, workers);
    }
    head.packBackward(parameters, w.head, workers);
  }

  @Override
  public void dropGradients(
      Weights w, float[] gradients, @Nullable CounterRandom noise, Workers workers) {
    encoder.dropGradients(gradients, w.encoder, noise, workers);
  }

  /** The buffers of one user; they grow to the largest batch seen. */
  public static final class Buffers {
    private final FurtherInputs.Tape further;
    private final RecurrentStack.Tape encoder;
    private final Pooling.Tape pooling = new Pooling.Tape();
    private final LinearHead.Buffers head = new LinearHead.Buffers();
    private final LinearChainCrf.Buffers crf = new LinearChainCrf.Buffers();
    private float[] scores = {};
    private float[] dPooled = {};

    private Buffers(FurtherInputs.Tape further, RecurrentStack.Tape encoder) {
      this.further = further;
      this.encoder = encoder;
    }
  }

  /** Returns empty buffers; {@code trains} if {@link #lossAndGradient} will use them. */
  public Buffers newBuffers(boolean trains) {
    return new Buffers(further.newTape(trains), encoder.newTape(trains));
  }

  /** Returns what the head reads: a row for each sequence, or for each step. */
  private Matrix encode(
      Weights w, LabelBatch batch, @Nullable CounterRandom random, Buffers space, Workers workers) {
    if (further.outputs() > 0) {
      space.encoder.append(further.forward(w.further, batch, space.further, workers));
    }
    var noise = random == null ? null : new Noise(random, 0);
    NetworkState start = encoder.startState(w.encoder, batch.steps().batch());
    encoder.forward(w.encoder, batch.steps(), batch.tokens(), start, noise, space.encoder, workers);
    Matrix a = space.encoder.output();
    return pooling == null
        ? a
        : pooling.forward(w.pooling, batch.steps(), a, space.pooling, workers);
  }

  /**
   * What is minimized.
   *
   * @param noise random numbers for dropout, or null for none
   * @param scale factor of all gradients, such as 1 / targets for the gradient of a mean
   * @param smoothing share of a target's probability that all labels get alike, with a softmax
   * @param weights how much each label's losses count; empty for all alike, as with a CRF
   */
  record Pass(@Nullable CounterRandom noise, float scale, double smoothing, float[] weights) {}

  /**
   * Computes the loss of a batch, in nats, and adds its gradient to {@code gradients}.
   *
   * @return the sum of the losses of all targets
   */
  double lossAndGradient(
      Weights w, LabelBatch batch, Pass pass, Buffers space, float[] gradients, Workers workers) {
    Matrix a = encode(w, batch, pass.noise, space, workers);
    space.encoder.beginBackward();
    Matrix da = space.encoder.dOutput();
    double loss;
    if (pooling == null) {
      loss = headBack(w, batch, pass, space, a, da, gradients, workers);
    } else {
      space.dPooled = Rows.room(space.dPooled, a.rows(), a.columns());
      Matrix dPooled = Matrix.of(space.dPooled, a.rows(), a.columns());
      loss = headBack(w, batch, pass, space, a, dPooled, gradients, workers);
      pooling.backward(w.pooling, space.pooling, dPooled, da, gradients, workers);
    }
    NetworkState start = encoder.backward(w.encoder, space.encoder, null, gradients, workers);
    encoder.addStartGradient(start, gradients);
    if (further.outputs() > 0) {
      Matrix dFurther = space.encoder.dAppended();
      further.backward(w.further, batch, dFurther, space.further, gradients, workers);
    }
    return loss;
  }

  private double headBack(
      Weights w,
      LabelBatch batch,
      Pass pass,
      Buffers space,
      Matrix a,
      Matrix da,
      float[] gradients,
      Workers workers) {
    if (crf == null) {
      return head.lossAndGradient(
          w.head, space.head, a, loss(batch, pass), pass.scale, da, gradients, workers);
    }
    Matrix scores = scores(w, space, a, workers);
    double loss =
        crf.lossAndGradient(
            w.values,
            space.crf,
            batch.steps(),
            scores,
            batch.targets(),
            new LinearChainCrf.Scale(pass.scale, batch.weights()),
            gradients,
            workers);
    head.backward(w.head, space.head, a, scores, da, gradients, workers);
    return loss;
  }

  private LinearHead.RowLoss loss(LabelBatch batch, Pass pass) {
    LinearHead.RowLoss unweighted = lossOfLabels(batch, pass);
    if (batch.weights().length == 0) {
      return unweighted;
    }
    return (logits, offset, row, scale) -> {
      float weight = batch.weights()[pooling == null ? batch.steps().sequence(row) : row];
      return weight * unweighted.replaceByGradient(logits, offset, row, weight * scale);
    };
  }

  private LinearHead.RowLoss lossOfLabels(LabelBatch batch, Pass pass) {
    if (multiLabel()) {
      return head.sigmoidLoss(batch.multiLabel());
    }
    LinearHead.RowLoss plain = head.softmaxLoss(batch.targets(), pass.smoothing);
    if (pass.weights.length == 0) {
      return plain;
    }
    return (logits, offset, row, scale) -> {
      float weight = pass.weights[batch.targets()[row]];
      return weight * plain.replaceByGradient(logits, offset, row, weight * scale);
    };
  }

  /** Reads a batch and returns the scores of the labels of each sequence, or of each step. */
  public Matrix scores(Weights w, LabelBatch batch, Buffers space, Workers workers) {
    Matrix scores = scores(w, space, encode(w, batch, null, space, workers), workers);
    if (ngrams != null) {
      addNgrams(ngrams, w.values, batch.ngrams(), scores);
    }
    return scores;
  }

  /** y += Σ of the weights of the sequence's n-grams, in their order. */
  private static void addNgrams(Slice weight, float[] values, int[][] ngrams, Matrix scores) {
    for (int s = 0; s < ngrams.length; s++) {
      int to = scores.row(s);
      for (int ngram : ngrams[s]) {
        int from = weight.offset() + ngram * weight.columns();
        for (int label = 0; label < weight.columns(); label++) {
          scores.data()[to + label] += values[from + label];
        }
      }
    }
  }

  /** Reads a batch and returns the outputs of a layer, from 0, [B][steps][width]. */
  List<float[][]> outputs(Weights w, LabelBatch batch, int layer, Buffers space, Workers workers) {
    encode(w, batch, null, space, workers);
    return encoder.outputs(space.encoder, layer);
  }

  private Matrix scores(Weights w, Buffers space, Matrix a, Workers workers) {
    space.scores = Rows.room(space.scores, a.rows(), labels());
    Matrix scores = Matrix.of(space.scores, a.rows(), labels());
    head.logits(w.head, a, scores, workers);
    return scores;
  }

  /**
   * Returns the probability of each label of each sequence, or of each step, [B or R][labels]: a
   * view that the next call overwrites.
   */
  public Matrix probabilities(Weights w, LabelBatch batch, Buffers space, Workers workers) {
    return replaceByProbabilities(w, batch, scores(w, batch, space, workers), space, workers);
  }

  private Matrix replaceByProbabilities(
      Weights w, LabelBatch batch, Matrix scores, Buffers space, Workers workers) {
    if (crf != null) {
      crf.replaceByMarginals(w.values, space.crf, batch.steps(), scores, workers);
      return scores;
    }
    boolean multiLabel = multiLabel();
    for (int row = 0; row < scores.rows(); row++) {
      int at = scores.row(row);
      if (multiLabel) {
        Functions.sigmoid(scores.data(), scores.data(), at, labels());
      } else {
        Softmax.replaceByProbabilities(scores.data(), at, labels());
      }
    }
    return scores;
  }

  /**
   * The likeliest labels, with the probabilities of all.
   *
   * @param best what {@link #decode} returns
   * @param probabilities what {@link #probabilities} returns
   */
  record Decoded(int[] best, Matrix probabilities) {}

  /** Decodes a batch, and says how likely its labels are; the batch is read once. */
  Decoded decodeWithProbabilities(Weights w, LabelBatch batch, Buffers space, Workers workers) {
    Matrix scores = scores(w, batch, space, workers);
    int[] best = best(w, batch, scores, space, workers);
    return new Decoded(best, replaceByProbabilities(w, batch, scores, space, workers));
  }

  /** Returns the number of targets of a batch: its steps, or its sequences. */
  int targets(LabelBatch batch) {
    return pooling == null ? batch.steps().rows() : batch.steps().batch();
  }

  /**
   * What a network finds where the labels are known.
   *
   * @param loss sum of the losses of all targets, in nats
   * @param best what {@link #decode} returns
   */
  record Judged(double loss, int[] best) {}

  /** Labels a batch and measures its loss. */
  Judged judge(Weights w, LabelBatch batch, Buffers space, Workers workers) {
    Matrix scores = scores(w, batch, space, workers);
    int[] best = best(w, batch, scores, space, workers);
    return new Judged(loss(w, batch, scores, space, workers), best);
  }

  /** Returns the sum of the losses; the scores may be lost. */
  private double loss(Weights w, LabelBatch batch, Matrix scores, Buffers space, Workers workers) {
    if (crf != null) {
      return crf.loss(w.values, space.crf, batch.steps(), scores, batch.targets(), workers);
    }
    LinearHead.RowLoss ofRow = loss(batch, new Pass(null, 1f, 0, new float[0]));
    double total = 0;
    for (int row = 0; row < scores.rows(); row++) {
      total += ofRow.replaceByGradient(scores.data(), scores.row(row), row, 1f);
    }
    return total;
  }

  /**
   * Returns the likeliest label of each sequence, or those of its steps together with a CRF; of
   * equal ones the first. Where there are several, 1 for each label that is likelier than not and 0
   * for the others, [B][labels].
   */
  public int[] decode(Weights w, LabelBatch batch, Buffers space, Workers workers) {
    Matrix scores = scores(w, batch, space, workers);
    return best(w, batch, scores, space, workers);
  }

  private int[] best(Weights w, LabelBatch batch, Matrix scores, Buffers space, Workers workers) {
    if (crf != null) {
      return crf.decode(w.values, space.crf, batch.steps(), scores, workers);
    }
    if (multiLabel()) {
      int[] flags = new int[Math.multiplyExact(scores.rows(), labels())];
      for (int row = 0; row < scores.rows(); row++) {
        for (int label = 0; label < labels(); label++) {
          boolean likely = scores.data()[scores.row(row) + label] > 0; // a logit of probability ½
          flags[row * labels() + label] = likely ? 1 : 0;
        }
      }
      return flags;
    }
    int[] best = new int[scores.rows()];
    for (int row = 0; row < best.length; row++) {
      best[row] = Reductions.placeOfMax(scores.data(), scores.row(row), labels());
    }
    return best;
  }
}
