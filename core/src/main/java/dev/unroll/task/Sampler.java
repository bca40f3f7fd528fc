package dev.unroll.task;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Functions;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Draws tokens from logits. */
final class Sampler {

  private final Sampling options;
  private final CounterRandom random;

  /** Creates the sampler of sample {@code number}, whose draws are its own. */
  Sampler(Sampling options, long number) {
    this.options = options;
    this.random = CounterRandom.of(options.seed(), CounterRandom.Purpose.SAMPLING, number);
  }

  /** Returns a token, drawn with the numbers of step {@code t}; {@code logits} are used up. */
  int draw(float[] logits, int unknown, int t) {
    if (!options.unknownAllowed()) {
      logits[unknown] = Float.NEGATIVE_INFINITY;
    }
    int best = mostProbable(logits);
    if (options.temperature() == 0) {
      return best;
    }
    float max = logits[best];
    float inverse = (float) (1 / options.temperature());
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Functions.exp((logits[i] - max) * inverse);
    }
    boolean cut = options.topK() > 0 || options.topP() < 1;
    int[] kept = cut ? mostProbableFirst(logits) : IntStream.range(0, logits.length).toArray();
    return drawFrom(logits, kept, random.uniform(t));
  }

  /** Returns the token with the greatest logit, the first of equals. */
  static int mostProbable(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * The tokens that top-k and top-p leave, the most probable first, equals in order of their ids.
   */
  private int[] mostProbableFirst(float[] weights) {
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
    return java.util.Arrays.copyOf(order, last);
  }

  private static int drawFrom(float[] weights, int[] tokens, double uniform) {
    double all = 0;
    for (int token : tokens) {
      all += weights[token];
    }
    double left = uniform * all;
    int drawn = tokens[0];
    for (int token : tokens) {
      if (weights[token] > 0) {
        drawn = token; // rounding may leave a crumb at the end: then the last possible one is drawn
        left -= weights[token];
        if (left < 0) {
          break;
        }
      }
    }
    return drawn;
  }
}
