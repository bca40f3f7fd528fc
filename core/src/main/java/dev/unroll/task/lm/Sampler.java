package dev.unroll.task.lm;

import dev.unroll.base.InputException;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Reductions;
import dev.unroll.result.Sampling;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Draws tokens from logits. It keeps no buffer between two tokens, as thousands of texts may be
 * under way at a time.
 */
public final class Sampler {

  /** Tokens whose weights are added up before a block is chosen; within it one token is. */
  private static final int BLOCK = 64;

  private final Sampling options;
  private final CounterRandom random;

  /** Creates the sampler of sample {@code number}, whose draws are its own. */
  public Sampler(Sampling options, long number) {
    this.options = options;
    this.random = CounterRandom.of(options.seed(), CounterRandom.Purpose.SAMPLING, number);
  }

  /** Returns a token, drawn with the numbers of step {@code t}; the logits stay as they are. */
  public int draw(float[] logits, int unknown, int t) {
    float[] weights = logits.clone();
    if (!options.unknownAllowed()) {
      weights[unknown] = Float.NEGATIVE_INFINITY;
    }
    if (options.temperature() == 0) {
      return Reductions.placeOfMax(weights, 0, weights.length);
    }
    float max = Reductions.max(weights, 0, weights.length);
    float inverse = (float) (1 / options.temperature());
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (weights[i] - max) * inverse;
    }
    Functions.exp(weights, weights, 0, weights.length);
    if (options.topK() > 0 || options.topP() < 1) {
      keepMostProbable(weights);
    }
    return drawFrom(weights, random.uniform(t));
  }

  /** Takes the weight from all tokens but those that top-k and top-p leave. */
  private void keepMostProbable(float[] weights) {
    int[] order =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -weights[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int count = options.topK() > 0 ? Math.min(options.topK(), order.length) : order.length;
    double all = 0;
    for (int i = 0; i < count; i++) {
      all += weights[order[i]];
    }
    double reached = 0;
    int last = 0;
    while (last < count && (last == 0 || reached < options.topP() * all)) {
      reached += weights[order[last++]];
    }
    for (int i = last; i < order.length; i++) {
      weights[order[i]] = 0f;
    }
  }

  /** The block first, then the token in it: long vocabularies cost few dependent additions. */
  private static int drawFrom(float[] weights, double uniform) {
    double[] sums = new double[(weights.length + BLOCK - 1) / BLOCK];
    double all = 0;
    for (int block = 0; block < sums.length; block++) {
      double sum = 0;
      int end = Math.min(weights.length, (block + 1) * BLOCK);
      for (int i = block * BLOCK; i < end; i++) {
        sum += weights[i];
      }
      sums[block] = sum;
      all += sum;
    }
    double left = uniform * all;
    int block = 0;
    while (block < sums.length - 1 && left >= sums[block]) {
      left -= sums[block++];
    }
    int drawn = -1;
    for (int i = block * BLOCK; i < weights.length; i++) {
      if (weights[i] > 0) {
        drawn = i; // rounding may leave a crumb at the end: then the last possible one is drawn
        left -= weights[i];
        if (left < 0) {
          return drawn;
        }
      }
    }
    return drawn >= 0 ? drawn : lastPossible(weights, block);
  }

  private static int lastPossible(float[] weights, int block) {
    for (int i = block * BLOCK - 1; i >= 0; i--) {
      if (weights[i] > 0) {
        return i;
      }
    }
    throw new InputException(
        "no token can be drawn: the network's outputs are not finite numbers",
        "Its weights are too large: take another model, or train it with a lower learning rate.");
  }
}
