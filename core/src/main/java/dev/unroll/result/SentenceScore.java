package dev.unroll.result;

import dev.unroll.file.FixedList;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import java.util.List;

/**
 * How probable a model finds a sentence, token by token, {@code <EOS>} last.
 *
 * @param ids the tokens; the last one is {@code <EOS>}
 * @param logProbabilities natural logarithm of the probability of each token after those before it
 * @param ranks rank of each token, 1 for the most probable; 0 if unknown
 */
public record SentenceScore(List<Integer> ids, List<Double> logProbabilities, List<Integer> ranks) {

  /** Copies the lists. */
  public SentenceScore {
    ids = FixedList.copyOf(ids);
    logProbabilities = FixedList.copyOf(logProbabilities);
    ranks = FixedList.copyOf(ranks);
  }

  /**
   * Creates the score from arrays, of which it takes ownership.
   *
   * @param ranks one for each token, or none
   */
  public static SentenceScore of(int[] ids, double[] logProbabilities, int... ranks) {
    int[] places = ranks.length == 0 ? new int[ids.length] : ranks;
    return new SentenceScore(
        FixedList.of(ids), FixedList.of(logProbabilities), FixedList.of(places));
  }

  /** Returns the natural logarithm of the sentence's probability. */
  public double total() {
    double total = 0;
    for (double part : logProbabilities) {
      total += part;
    }
    return total;
  }

  /** Returns the number of tokens to which the model gives no probability. */
  public long impossible() {
    return logProbabilities.stream().filter(each -> each == Double.NEGATIVE_INFINITY).count();
  }

  /** Returns how many of the tokens are {@code id}. */
  public long count(int id) {
    return ids.stream().filter(each -> each == id).count();
  }

  /** Returns the perplexity per token, {@code <EOS>} included; infinite if one is impossible. */
  public double perplexity() {
    return StrictMath.exp(-total() / logProbabilities.size());
  }

  /** Returns such as {@code perplexity 3.21 (log-probability -12.8, 11 tokens)}. */
  @Override
  public String toString() {
    return "perplexity "
        + Numbers.rounded(perplexity())
        + " (log-probability "
        + Numbers.rounded(total())
        + ", "
        + Plural.of(ids.size(), "token")
        + ")";
  }
}
