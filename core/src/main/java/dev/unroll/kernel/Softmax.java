package dev.unroll.kernel;

/**
 * Softmax and the two cross-entropies, all from logits, never from a probability that may have
 * rounded to 0 or 1. Losses are in nats. Logarithms are {@code StrictMath}'s, the same on every
 * CPU.
 */
public final class Softmax {

  private Softmax() {}

  /** Returns log Σ exp(x), of {@code count} &gt; 0 elements from {@code from} on. */
  public static double logSumExp(float[] x, int from, int count) {
    float max = Reductions.max(x, from, count);
    if (max == Float.NEGATIVE_INFINITY) {
      max = 0f; // all are -∞ or NaN: the sum decides which
    }
    return max + StrictMath.log(Reductions.sumOfExp(x, from, count, max));
  }

  /** Replaces {@code count} logits by their probabilities. */
  public static void replaceByProbabilities(float[] x, int from, int count) {
    float sum = Reductions.replaceByExp(x, from, count, Reductions.max(x, from, count));
    Rows.scale(x, from, count, 1f / sum);
  }

  /**
   * Returns the loss {@code -log ŷ[target]} of one row of logits and replaces the row by its
   * gradient {@code scale·(ŷ - y)}, where y is one at the target.
   */
  public static double crossEntropy(float[] row, int from, int count, int target, float scale) {
    float max = Reductions.max(row, from, count);
    double logit = row[from + target];
    float sum = Reductions.replaceByExp(row, from, count, max);
    Rows.scale(row, from, count, scale / sum);
    row[from + target] -= scale;
    return max + StrictMath.log(sum) - logit;
  }

  /**
   * Turns the gradient {@code ŷ - y} of a row into that against a smoothed target: {@code amount}
   * of what is asked at the target is asked of all outputs alike.
   */
  public static void smoothGradient(float[] row, int from, int count, int target, float amount) {
    float each = amount / count;
    for (int i = from; i < from + count; i++) {
      row[i] -= each;
    }
    row[from + target] += amount;
  }

  /**
   * Returns the loss {@code Σ softplus(z) - y·z} of one row of {@code count} logits, from {@code
   * from} on, against labels y in [0, 1], from {@code labelsFrom} on, and replaces the logits by
   * their gradient {@code scale·(σ(z) - y)}.
   */
  public static double sigmoidCrossEntropy(
      float[] row, int from, float[] labels, int labelsFrom, int count, float scale) {
    double loss = 0;
    for (int i = 0; i < count; i++) {
      double z = row[from + i];
      double y = labels[labelsFrom + i];
      loss += Math.max(z, 0) - y * z + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
      row[from + i] = scale * (Functions.sigmoid(row[from + i]) - labels[labelsFrom + i]);
    }
    return loss;
  }

  /** Returns the rank of {@code target} among the logits from {@code offset} on; 1 is the best. */
  public static int rank(float[] logits, int offset, int outputs, int target) {
    int rank = 1;
    for (int i = offset; i < offset + outputs; i++) {
      if (logits[i] > logits[offset + target]) {
        rank++;
      }
    }
    return rank;
  }
}
