package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.batch.BatchPlan;
import dev.unroll.batch.Batches;
import dev.unroll.batch.SentenceBatches;
import dev.unroll.batch.StreamBatches;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.LanguagePass;
import dev.unroll.task.lm.TextPart;
import dev.unroll.train.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A language model with dynamic evaluation (Krause et al. 2018), which continues to learn from the
 * text that it reads: each window is scored first; then its gradient changes the parameters, which
 * decay towards the trained ones.
 *
 * <pre>{@code
 * θ ← θ - rate·g / (RMS + ε) + decay·r·(θ₀ - θ)      r = RMS / mean(RMS), at most 1 / decay
 * }</pre>
 *
 * RMS is the root mean square of each parameter's gradient on the training text. Without that text
 * the step is plain: RMS + ε and r are 1.
 */
public final class DynamicModel implements TokenModel {

  private static final double EPSILON = 0.001;

  /** Sequences side by side, and stretches of them, whose gradients give the RMS. */
  private static final int LANES = 20;

  private static final int STRETCHES = 500;

  private final LanguageModel model;
  private final Options options;
  private final float[] scale;
  private final float[] pull;

  /**
   * How a model continues to learn.
   *
   * @param rate learning rate; about 0.002 with the training text, 0.1 without
   * @param decay how strongly parameters decay towards the trained ones, in [0, 1)
   * @param steps tokens of a window
   */
  public record Options(double rate, double decay, int steps) {
    /** Checks the numbers. */
    public Options {
      if (!(rate > 0 && rate <= 1000) || !(decay >= 0 && decay < 1)) {
        throw new InputException(
            String.format(Locale.ROOT, "dynamic evaluation with rate %s and decay %s", rate, decay),
            "The rate is above 0; the decay is in [0, 1).");
      }
      if (steps < 1 || steps > 100_000) {
        throw new InputException("stretches of " + steps + " tokens", "Give 1 to 100,000.");
      }
    }
  }

  private DynamicModel(LanguageModel model, Options options, float[] scale, float[] pull) {
    model.checkForward();
    var network = model.network().description();
    boolean basic = network.layers().stream().anyMatch(l -> l.cell().backwardReadsOutput());
    if (basic && network.dropouts().state() > 0) {
      throw new InputException(
          "dynamic evaluation of a basic RNN with zoneout",
          "Its backward pass needs what the mean of two steps hides; use a GRU or an LSTM.");
    }
    this.model = model;
    this.options = options;
    this.scale = scale;
    this.pull = pull;
  }

  private static void checkPlain(LanguageModel model) {
    if (model.network().condition() != null) {
      throw new InputException(
          "dynamic evaluation of a model that writes for a label", "Evaluate it as it is.");
    }
  }

  /** A model whose parameters all take plain steps. */
  public static DynamicModel plain(LanguageModel model, Options options) {
    checkPlain(model);
    float[] ones = new float[model.network().size()];
    Arrays.fill(ones, 1f);
    float[] decay = new float[ones.length];
    Arrays.fill(decay, (float) options.decay);
    return new DynamicModel(model, options, ones, decay);
  }

  /** A model whose steps are scaled by the gradients on its training text. */
  public static DynamicModel scaled(
      LanguageModel model, Options options, IdStream training, Workers workers) {
    checkPlain(model);
    model.tokenizer().checkSame(training.tokenizer());
    double[] rms = rootMeanSquares(model, options, training, workers);
    double mean = Arrays.stream(rms).sum() / rms.length;
    float[] scale = new float[rms.length];
    float[] pull = new float[rms.length];
    for (int i = 0; i < rms.length; i++) {
      scale[i] = (float) (1 / (rms[i] + EPSILON));
      pull[i] = (float) Math.min(1, options.decay * rms[i] / mean);
    }
    return new DynamicModel(model, options, scale, pull);
  }

  /** The text is read as the model reads: as lanes of a stream, or sentence by sentence. */
  private static double[] rootMeanSquares(
      LanguageModel model, Options options, IdStream training, Workers workers) {
    Batches batches =
        model.reading() == Reading.STREAM
            ? new StreamBatches(training, LANES, options.steps)
            : SentenceBatches.shuffled(training, LANES, BatchPlan.LONGEST_VALIDATED, 1);
    int count = Math.min(STRETCHES, batches.count(0));
    var learning = new Learning(model, workers);
    double[] squares = new double[model.network().size()];
    NetworkState state = model.startState(0);
    for (int i = 0; i < count; i++) {
      Batch batch = batches.batch(0, i);
      NetworkState start = batch.anyContinues() ? state : model.startState(batch.steps().batch());
      state = learning.gradient(batch, start);
      for (int p = 0; p < squares.length; p++) {
        squares[p] += (double) learning.gradients[p] * learning.gradients[p];
      }
    }
    for (int p = 0; p < squares.length; p++) {
      squares[p] = Math.sqrt(squares[p] / count);
    }
    return squares;
  }

  /** Parameters that change, and what their gradients need. */
  private static final class Learning {
    private final LanguageNetwork network;
    private final Workers workers;
    private final float[] parameters;
    private final float[] gradients;
    private final LanguageNetwork.Weights weights;
    private final LanguageNetwork.Buffers buffers;
    private NetworkState state;

    Learning(LanguageModel model, Workers workers) {
      Objects.requireNonNull(workers, "workers");
      this.network = model.network();
      this.workers = workers;
      parameters = model.parameters();
      gradients = new float[parameters.length];
      weights = network.pack(parameters, workers);
      buffers = network.newTrainingBuffers(0);
      network.packForTraining(parameters, weights, null, workers);
      state = model.startState(1);
    }

    /** Computes the gradient of a batch's mean loss, and returns the state after it. */
    NetworkState gradient(Batch batch, NetworkState start) {
      Arrays.fill(gradients, 0f);
      var pass = new LanguagePass(null, Objective.CROSS_ENTROPY, batch.steps().rows());
      return network
          .lossAndGradient(weights, batch, start, pass, buffers, gradients, workers)
          .end();
    }
  }

  /** Returns such as {@code lm model of 12,345 parameters that keeps learning}. */
  @Override
  public String toString() {
    return model + " that keeps learning";
  }

  @Override
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  @Override
  public Reading reading() {
    return model.reading();
  }

  @Override
  public void read(IdStream text, Workers workers, TokenSink sink) {
    var learning = new Learning(model, workers);
    int first = model.firstInput();
    TextPart.of(text, reading(), first, options.steps, part -> read(learning, part, sink));
  }

  /** Each sentence starts from the trained parameters. */
  @Override
  public List<double[]> logProbabilities(List<int[]> sentences, Workers workers) {
    var scores = new ArrayList<double[]>();
    for (int[] ids : sentences) {
      double[] own = new double[ids.length];
      int[] next = {0};
      var learning = new Learning(model, workers);
      TextPart.ofSentence(
          ids,
          model.firstInput(),
          options.steps,
          part -> read(learning, part, (id, log) -> own[next[0]++] = log));
      scores.add(own);
    }
    return scores;
  }

  /** Scores a window of the text, then learns from it. */
  private void read(Learning learning, TextPart part, TokenSink sink) {
    int[] ids = part.ids();
    LanguageNetwork network = learning.network;
    NetworkState start = part.continues() ? learning.state : model.startState(1);
    var steps = Steps.equal(ids.length, 1);
    int[] inputs = part.inputs();
    network.forward(learning.weights, steps, inputs, start, learning.buffers, learning.workers);
    double[] logs = new double[ids.length];
    network.score(
        learning.weights,
        learning.buffers,
        ids,
        false,
        (row, logProbability, rank) -> logs[row] = logProbability,
        learning.workers);
    learning.state = learning.gradient(new Batch(steps, inputs, ids, part.continues()), start);
    update(learning);
    for (int t = 0; t < ids.length; t++) {
      sink.token(ids[t], logs[t]);
    }
  }

  private void update(Learning learning) {
    float[] parameters = learning.parameters;
    float[] gradients = learning.gradients;
    float[] trained = model.trained();
    float rate = (float) options.rate;
    learning.workers.run(
        parameters.length,
        4096,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            float back = pull[i] * (trained[i] - parameters[i]);
            parameters[i] += back - rate * gradients[i] * scale[i];
          }
        });
    learning.network.packForTraining(parameters, learning.weights, null, learning.workers);
  }
}
