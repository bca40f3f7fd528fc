package dev.unroll.task.lm;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.file.Json;
import dev.unroll.store.ModelFile;
import dev.unroll.train.Training;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds the n-grams of the training text to a language model whose network is trained, as a {@link
 * NgramMixture}: where they lower the loss of the validation part. Of little text they know more
 * than the network.
 */
final class NgramPart {

  /** The name under which a model says that it has this part. */
  static final String NAME = "ngrams";

  /** In standard errors. */
  private static final double LEAST_ERRORS = 0.5;

  /** In nats per token: below half a percent of perplexity they are not worth their place. */
  private static final double LEAST_GAIN = 0.005;

  /** Rounds of expectation and maximization, at most, and the change at which they end. */
  private static final int MOST_ROUNDS = 1000;

  private static final double LEAST_CHANGE = 1e-9;

  private final IdStream validation;
  private final Training options;
  private final NgramTable table;
  private double @Nullable [] own;

  /**
   * Counts the n-grams of a text.
   *
   * @param validation text that decides what they weigh
   * @param order tokens of the longest
   * @param options options of the run
   */
  NgramPart(IdStream training, IdStream validation, int order, Training options) {
    this.validation = validation;
    this.options = options;
    var tokenizer = training.tokenizer();
    var counts = NgramCounts.of(training, order);
    table = new NgramTable(counts, tokenizer.size(), tokenizer.endOfSentence());
  }

  /** Returns the model with n-grams, if they make the validation part more likely. */
  ModelFile<LanguageModelFields> addedTo(ModelFile<LanguageModelFields> trained, Workers workers) {
    double[] network = losses(trained, workers);
    double weight = weight(network, own(trained, workers));
    if (!helps(weight, network, own(trained, workers))) {
      return trained;
    }
    var fields = trained.fields().withNgrams(new NgramMixture(table, weight));
    var with = trained.withFields(fields);
    var said = Json.object("weight", weight, "order", (long) table.counts().order());
    double loss = evaluator(fields).meanLoss(packed(with, workers), workers);
    var provenance = trained.provenance().with(Map.entry(NAME, said), loss, null);
    return new ModelFile<>(fields, trained.parameters(), trained.precision(), provenance);
  }

  /** The losses of the n-grams by themselves are the same whatever the network is. */
  private double[] own(ModelFile<LanguageModelFields> trained, Workers workers) {
    double[] found = own;
    if (found == null) {
      var alone = trained.fields().withNgrams(new NgramMixture(table, 1));
      found = losses(trained.withFields(alone), workers);
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
