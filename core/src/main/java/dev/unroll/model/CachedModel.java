package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.TextPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A language model with a continuous cache (Grave et al. 2017): recent tokens become more probable,
 * the more similar the network's output is to its output back then.
 *
 * <pre>{@code
 * P(w) = (1-λ) P_model(w) + λ Σ_{i: x⟨i⟩ = w} exp(θ a⟨t⟩·a⟨i⟩) / Σ_i exp(θ a⟨t⟩·a⟨i⟩)
 * }</pre>
 *
 * The sums run over the last {@code window} tokens of the text, across sentences.
 *
 * @param model the model
 * @param window tokens that are kept
 * @param theta θ, how much likeness counts
 * @param lambda λ, the cache's share of the probability
 */
public record CachedModel(LanguageModel model, int window, double theta, double lambda)
    implements TokenModel {

  /** The values of θ among which {@link #tuned} chooses. */
  private static final double[] THETAS = {0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0};

  /** Tokens that are run through together. */
  private static final int TOGETHER = 128;

  /** Checks the numbers. */
  public CachedModel {
    model.checkForward();
    if (window < 1 || window > 1_000_000 || !(theta >= 0 && theta <= 1000)) {
      throw new InputException(
          String.format(Locale.ROOT, "a cache of %d tokens with theta %s", window, theta),
          "The window is 1 to 1,000,000; theta is 0 or more.");
    }
    if ((window + (long) TOGETHER) * model.network().outputs() > Integer.MAX_VALUE) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "a cache of %,d tokens of %,d outputs is more than one array can hold",
              window,
              model.network().outputs()),
          "Make the window smaller.");
    }
    if (!(lambda >= 0 && lambda < 1)) {
      throw new InputException("lambda of the cache is " + lambda, "It must be in [0, 1).");
    }
  }

  /** Returns the cache whose θ and λ give a held-out text the highest probability. */
  public static CachedModel tuned(
      LanguageModel model, int window, IdStream heldOut, Workers workers) {
    model.tokenizer().checkSame(heldOut.tokenizer());
    int size = Math.toIntExact(heldOut.size());
    double[] ofModel = new double[size];
    double[][] ofCache = new double[THETAS.length][size];
    int[] next = {0};
    new CacheRun(model, window, THETAS, workers)
        .read(
            heldOut,
            (id, logProbability, cached) -> {
              ofModel[next[0]] = StrictMath.exp(logProbability);
              for (int i = 0; i < THETAS.length; i++) {
                // Where nothing is kept yet, λ makes no difference.
                ofCache[i][next[0]] = Double.isNaN(cached[i]) ? ofModel[next[0]] : cached[i];
              }
              next[0]++;
            });
    CachedModel best = new CachedModel(model, window, 0, 0);
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < THETAS.length; i++) {
      var weights = Mixture.weights(new double[][] {ofModel, ofCache[i]});
      if (weights.score() > bestScore) {
        bestScore = weights.score();
        best = new CachedModel(model, window, THETAS[i], weights.values()[1]);
      }
    }
    return best;
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
    new CacheRun(model, window, new double[] {theta}, workers)
        .read(text, (id, own, cached) -> sink.token(id, mix(own, cached[0])));
  }

  /** Where nothing is kept yet the model is all there is. */
  private double mix(double logProbability, double cached) {
    return Double.isNaN(cached)
        ? logProbability
        : StrictMath.log((1 - lambda) * StrictMath.exp(logProbability) + lambda * cached);
  }

  /** Sentences on their own have no text before them that a cache could keep, but their own. */
  @Override
  public List<double[]> logProbabilities(List<int[]> sentences, Workers workers) {
    var scores = new ArrayList<double[]>();
    for (int[] ids : sentences) {
      double[] own = new double[ids.length];
      int[] next = {0};
      var run = new CacheRun(model, window, new double[] {theta}, workers);
      run.sentence(ids, (id, log, cached) -> own[next[0]++] = mix(log, cached[0]));
      scores.add(own);
    }
    return scores;
  }

  /** Receives a token, its score by the model, and its probability by the cache for each θ. */
  private interface Sink {
    void token(int id, double logProbability, double[] cached);
  }

  /** One way through a text. */
  private static final class CacheRun {
    private final LanguageModel model;
    private final int window;
    private final double[] thetas;
    private final Workers workers;
    private final LanguageNetwork.Buffers buffers;
    private final int width;
    private final PackedMatrix packed = new PackedMatrix();

    /** Outputs and the tokens that followed them: those before, then those of this part. */
    private final float[] outputs;

    private final int[] tokens;
    private int kept;

    private NetworkState state;

    CacheRun(LanguageModel model, int window, double[] thetas, Workers workers) {
      Objects.requireNonNull(workers, "workers");
      this.model = model;
      this.window = window;
      this.thetas = thetas;
      this.workers = workers;
      buffers = model.network().newBuffers();
      width = model.network().outputs();
      outputs = new float[(window + TOGETHER) * width];
      tokens = new int[window + TOGETHER];
      state = model.startState(1);
    }

    void read(IdStream text, Sink sink) {
      int first = model.firstInput();
      TextPart.of(text, model.reading(), first, TOGETHER, part -> read(part, sink));
    }

    void sentence(int[] ids, Sink sink) {
      TextPart.ofSentence(ids, model.firstInput(), TOGETHER, part -> read(part, sink));
    }

    private void read(TextPart part, Sink sink) {
      var network = model.network();
      var steps = Steps.equal(part.ids().length, 1);
      NetworkState start = part.continues() ? state : model.startState(1);
      state = network.forward(model.weights(), steps, part.inputs(), start, buffers, workers);
      double[] logs = new double[part.ids().length];
      network.score(
          model.weights(),
          buffers,
          part.ids(),
          false,
          (row, logProbability, rank) -> logs[row] = logProbability,
          workers);
      cache(network.outputs(buffers), part.ids(), logs, sink);
    }

    private void cache(Matrix now, int[] wanted, double[] logs, Sink sink) {
      int count = wanted.length;
      for (int row = 0; row < count; row++) {
        System.arraycopy(now.data(), now.row(row), outputs, (kept + row) * width, width);
        tokens[kept + row] = wanted[row];
      }
      Matrix all = Matrix.of(outputs, kept + count, width);
      packed.pack(all.transposed(), workers);
      Matrix likeness = Matrix.of(new float[count * (kept + count)], count, kept + count);
      Products.multiply(now, packed, likeness, workers);
      double[][] cached = new double[count][];
      workers.run(
          count,
          1,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              cached[row] = probabilities(likeness, row, wanted[row]);
            }
          });
      for (int row = 0; row < count; row++) {
        sink.token(wanted[row], logs[row], cached[row]);
      }
      int left = Math.max(0, kept + count - window);
      kept = kept + count - left;
      System.arraycopy(outputs, left * width, outputs, 0, kept * width);
      System.arraycopy(tokens, left, tokens, 0, kept);
    }

    /** Returns the cache's probability of a token for each θ; NaN where nothing is kept. */
    private double[] probabilities(Matrix likeness, int row, int wanted) {
      int end = kept + row; // what comes before this very token
      int from = Math.max(0, end - window);
      double[] result = new double[thetas.length];
      int at = likeness.row(row);
      for (int k = 0; k < thetas.length; k++) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < end; i++) {
          most = Math.max(most, thetas[k] * likeness.data()[at + i]);
        }
        double all = 0;
        double same = 0;
        for (int i = from; i < end; i++) {
          double weight = StrictMath.exp(thetas[k] * likeness.data()[at + i] - most);
          all += weight;
          same += tokens[i] == wanted ? weight : 0;
        }
        result[k] = end > from ? same / all : Double.NaN;
      }
      return result;
    }
  }
}
