package dev.unroll.task.lm;

/**
 * How probable a model finds a sentence, token by token, {@code <EOS>} last.
 *
 * @param ids the tokens; the last one is {@code <EOS>}
 * @param logProbabilities natural logarithm of the probability of each token after those before it
 * @param ranks place of each token in the model's order of preference, 1 for the most probable; 0
 *     where they are not known
 */
public record SentenceScore(int[] ids, double[] logProbabilities, int[] ranks) {

  /** Returns the natural logarithm of the sentence's probability. */
  public double total() {
    double total = 0;
    for (double part : logProbabilities) {
      total += part;
    }
    return total;
  }

  /** Returns to how many of the tokens the model gives no probability. */
  public long impossible() {
    return java.util.Arrays.stream(logProbabilities)
        .filter(each -> each == Double.NEGATIVE_INFINITY)
        .count();
  }

  /** Returns how many of the tokens are {@code id}. */
  public long count(int id) {
    return java.util.Arrays.stream(ids).filter(each -> each == id).count();
  }

  /** Returns the perplexity per token, {@code <EOS>} included; infinite if one is impossible. */
  public double perplexity() {
    return StrictMath.exp(-total() / logProbabilities.length);
  }
}
