package dev.unroll.task.lm;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Provenance;
import dev.unroll.file.Json;
import dev.unroll.ngram.NgramCounts;
import dev.unroll.ngram.NgramTable;
import dev.unroll.store.ModelFile;
import dev.unroll.train.Training;
import org.jspecify.annotations.Nullable;

/**
 * Adds the n-grams of the training text to a language model whose network is trained, as a {@link
 * NgramMixture}: where they lower the loss of the validation part. Of little text they know more
 * than the network.
 *
 * <p>The validation part decides with the n-grams of the training part. Where both were cut from
 * one text, the model then gets those of all of it: of little text, each sentence matters.
 */
final class NgramPart {

  /** The name under which a model says that it has this part. */
  static final String NAME = "ngrams";

  /** Tokens of a text that gets n-grams, at most: of more, a network learns what they know. */
  static final int MOST_TOKENS = 300_000;

  /** In standard errors. */
  private static final double LEAST_ERRORS = 0.5;

  /** In nats per token: below half a percent of perplexity they are not worth their place. */
  private static final double LEAST_GAIN = 0.005;

  /** Rounds of expectation and maximization, at most, and the change at which they end. */
  private static final int MOST_ROUNDS = 1000;

  private static final double LEAST_CHANGE = 1e-9;

  private final IdStream validation;
  private final Training options;

  /** N-grams of the training part, which decide. */
  private final NgramTable table;

  /** Text of which the model gets the n-grams, where these are others. */
  private final @Nullable IdStream whole;

  private @Nullable NgramTable ofWhole;
  private double @Nullable [] own;

  /**
   * Counts the n-grams of a text.
   *
   * @param validation text that decides what they weigh
   * @param whole the text that both were cut from; null where they are two
   * @param order tokens of the longest
   * @param options options of the run
   */
  NgramPart(
      IdStream training,
      IdStream validation,
      @Nullable IdStream whole,
      int order,
      Training options) {
    this.validation = validation;
    this.options = options;
    this.whole = whole == null || whole.size() > MOST_TOKENS ? null : whole;
    table = table(training, order);
  }

  private static NgramTable table(IdStream text, int order) {
    var tokenizer = text.tokenizer();
    var counts = NgramCounts.of(text, order);
    return new NgramTable(counts, tokenizer.size(), tokenizer.endOfSentence());
  }

  /** Returns the model with n-grams, if they make the validation part more likely. */
  ModelFile<LanguageModelFields> addedTo(ModelFile<LanguageModelFields> trained, Workers workers) {
    double[] network = losses(trained, workers);
    double weight = weight(network, own(trained, workers));
    if (!helps(weight, network, own(trained, workers))) {
      return trained;
    }
    ModelFile<LanguageModelFields> chosen = with(trained, table, weight);
    double loss = evaluator(chosen.fields()).meanLoss(packed(chosen, workers), workers);
    var details = Json.object("weight", weight, "order", (long) table.counts().order());
    var provenance =
        trained.provenance().with(new Provenance.Added(NAME, details, whole != null), loss, null);
    return (whole == null ? chosen : with(trained, tableOf(whole), weight))
        .withProvenance(provenance);
  }

  /**
   * Returns a model as the validation part chose it, which it can measure: with the n-grams of the
   * training part.
   */
  ModelFile<LanguageModelFields> chosen(ModelFile<LanguageModelFields> ended) {
    NgramMixture kept = ended.fields().network().ngrams();
    return kept == null ? ended : with(ended, table, kept.weight());
  }

  private static ModelFile<LanguageModelFields> with(
      ModelFile<LanguageModelFields> model, NgramTable table, double weight) {
    return model.withFields(model.fields().withNgrams(new NgramMixture(table, weight)));
  }

  /** A text is counted once, for all models of a run. */
  private NgramTable tableOf(IdStream text) {
    NgramTable found = ofWhole;
    if (found == null) {
      found = table(text, table.counts().order());
      ofWhole = found;
    }
    return found;
  }

  /** The losses of the n-grams by themselves are the same whatever the network is. */
  private double[] own(ModelFile<LanguageModelFields> trained, Workers workers) {
    double[] found = own;
    if (found == null) {
      found = losses(with(trained, table, 1), workers);
      own = found;
    }
    return found;
  }

  private double[] losses(ModelFile<LanguageModelFields> model, Workers workers) {
    return evaluator(model.fields()).losses(packed(model, workers), workers);
  }

  private Evaluator evaluator(LanguageModelFields fields) {
    return new Evaluator(fields.network(), options.batchPlan().validation(validation));
  }

  private static LanguageNetwork.Weights packed(
      ModelFile<LanguageModelFields> model, Workers workers) {
    return model.fields().network().pack(model.parameters(), model.precision(), workers);
  }

  /**
   * Returns the weight of n-grams that gives a text the highest probability, by expectation and
   * maximization (Dempster et al. 1977); one token more for each side keeps it away from 0 and 1.
   *
   * @param network the loss of each token by the network
   * @param ngrams that by the n-grams
   */
  static double weight(double[] network, double[] ngrams) {
    double weight = 0.5;
    double change = 1;
    for (int round = 0; round < MOST_ROUNDS && change > LEAST_CHANGE; round++) {
      double shares = 1;
      for (int t = 0; t < network.length; t++) {
        double odds = StrictMath.exp(Math.min(700, network[t] - ngrams[t]));
        shares += weight * odds / (1 - weight + weight * odds);
      }
      double next = shares / (network.length + 2);
      change = Math.abs(next - weight);
      weight = next;
    }
    return weight;
  }

  /** Returns whether a mixture is clearly better than the network. */
  static boolean helps(double weight, double[] network, double[] ngrams) {
    double sum = 0;
    double squares = 0;
    for (int t = 0; t < network.length; t++) {
      double odds = StrictMath.exp(Math.min(700, network[t] - ngrams[t]));
      double gain = StrictMath.log(1 - weight + weight * odds);
      sum += gain;
      squares += gain * gain;
    }
    double variance = Math.max(0, squares - sum * sum / network.length);
    return sum > Math.max(LEAST_GAIN * network.length, LEAST_ERRORS * StrictMath.sqrt(variance));
  }
}
