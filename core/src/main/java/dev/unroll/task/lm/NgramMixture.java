package dev.unroll.task.lm;

import dev.unroll.file.Json;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Softmax;
import dev.unroll.ngram.NgramCounts;
import dev.unroll.ngram.NgramTable;
import java.util.Locale;
import java.util.Map;

/**
 * The n-grams of the training text beside a network:
 *
 * <pre>{@code
 * P(w) = (1-λ) P_network(w) + λ P_n-grams(w)
 * }</pre>
 *
 * A network that has them mixes wherever it says what comes next, so that all that use it agree.
 */
final class NgramMixture {

  private static final String WEIGHT = "weight";

  private final NgramTable table;
  private final double weight;

  /**
   * Mixes.
   *
   * @param weight λ, in (0, 1]
   */
  NgramMixture(NgramTable table, double weight) {
    this.table = table;
    this.weight = weight;
  }

  NgramTable table() {
    return table;
  }

  double weight() {
    return weight;
  }

  /** Returns how many n-grams there are, how long, and what they weigh, in words. */
  String describe() {
    NgramCounts counts = table.counts();
    return String.format(
        Locale.ROOT,
        "%,d of %d tokens, weight %.3f",
        counts.ngrams().size(),
        counts.order(),
        weight);
  }

  /**
   * Replaces the network's logits of all tokens by log-probabilities of the mixture.
   *
   * @param row which of the histories they follow
   */
  void mix(float[] logits, int from, int count, int[] histories, int row) {
    double all = Softmax.logSumExp(logits, from, count);
    float share = (float) (1 - weight);
    for (int i = from; i < from + count; i++) {
      logits[i] = (float) (logits[i] - all);
    }
    Functions.exp(logits, logits, from, count);
    for (int i = from; i < from + count; i++) {
      logits[i] *= share;
    }
    table.add(weight, histories, row * table.length(), logits, from);
    for (int i = from; i < from + count; i++) {
      logits[i] = Math.max(Float.MIN_NORMAL, logits[i]); // no logarithm is -∞
    }
    Functions.log(logits, logits, from, count);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = table.counts().toJson();
    json.put(WEIGHT, weight);
    return json;
  }

  /**
   * Reads n-grams.
   *
   * @param vocabulary number of tokens
   * @param end the id of {@code <EOS>}
   */
  static NgramMixture fromJson(Json.Reader json, int vocabulary, int end) {
    double weight = json.number(WEIGHT);
    if (!(weight > 0 && weight < 1)) {
      throw new IllegalArgumentException("weight is " + weight + ", must be in (0, 1)");
    }
    var counts = NgramCounts.fromJson(json, vocabulary, end);
    return new NgramMixture(new NgramTable(counts, vocabulary, end), weight);
  }
}
