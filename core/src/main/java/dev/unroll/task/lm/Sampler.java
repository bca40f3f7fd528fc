package dev.unroll.task.lm;

import dev.unroll.base.InputException;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Reductions;
import dev.unroll.result.Sampling;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Draws tokens from logits. It keeps no buffer between two tokens, as thousands of texts may be
 * under way at a time, and makes none of the size of the vocabulary, which would be most of the
 * garbage of a server.
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
    if (options.unknownAllowed()) {
      return draw(logits, t);
    }
    float kept = logits[unknown];
    logits[unknown] = Float.NEGATIVE_INFINITY;
    try {
      return draw(logits, t);
    } finally {
      logits[unknown] = kept;
    }
  }

  private int draw(float[] logits, int t) {
    if (options.temperature() == 0) {
      return Reductions.placeOfMax(logits, 0, logits.length);
    }
    var blocks = new Blocks(logits.length, weights(logits));
    if (options.topK() > 0 || options.topP() < 1) {
      float[] kept = blocks.all();
      keepMostProbable(kept);
      blocks =
          new Blocks(kept.length, (from, count, to) -> System.arraycopy(kept, from, to, 0, count));
    }
    return drawFrom(blocks, random.uniform(t));
  }

  /** The weight of a token is {@code exp((logit - greatest) / temperature)}. */
  private Weights weights(float[] logits) {
    float max = Reductions.max(logits, 0, logits.length);
    float inverse = (float) (1 / options.temperature());
    return (from, count, to) -> {
      for (int i = 0; i < count; i++) {
        to[i] = (logits[from + i] - max) * inverse;
      }
      Functions.exp(to, to, 0, count);
    };
  }

  /** What tokens are drawn by. */
  @FunctionalInterface
  private interface Weights {
    /** Writes the weights of {@code count} tokens, from {@code from} on, to an array's begin. */
    void write(int from, int count, float[] to);
  }

  /** Weights of which only a block is kept: the one that was looked at last. */
  private static final class Blocks {

    private final int tokens;
    private final Weights weights;
    private final float[] block = new float[BLOCK];

    Blocks(int tokens, Weights weights) {
      this.tokens = tokens;
      this.weights = weights;
    }

    int count() {
      return (tokens + BLOCK - 1) / BLOCK;
    }

    /** Computes the weights of a block, and returns how many there are. */
    int moveTo(int number) {
      int from = number * BLOCK;
      int size = Math.min(BLOCK, tokens - from);
      weights.write(from, size, block);
      return size;
    }

    float[] all() {
      float[] all = new float[tokens];
      for (int number = 0; number < count(); number++) {
        int size = moveTo(number);
        System.arraycopy(block, 0, all, number * BLOCK, size);
      }
      return all;
    }
  }

  /** Takes the weight from all tokens but those that top-k and top-p leave. */
  private void keepMostProbable(float[] weights) {
    int[] order = descending(weights);
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

  /**
   * Returns the numbers of all tokens by their weights, the greatest first; of equals the first.
   */
  private static int[] descending(float[] weights) {
    long[] keys = new long[weights.length];
    for (int i = 0; i < keys.length; i++) { // of floats that are not negative the bits ascend, too
      keys[i] = (long) ~Float.floatToIntBits(weights[i]) << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    return LongStream.of(keys).mapToInt(key -> (int) key).toArray();
  }

  /** The block first, then the token in it: long vocabularies cost few dependent additions. */
  private static int drawFrom(Blocks blocks, double uniform) {
    float[] weights = blocks.block;
    double[] sums = new double[blocks.count()];
    double all = 0;
    for (int number = 0; number < sums.length; number++) {
      int size = blocks.moveTo(number);
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += weights[i];
      }
      sums[number] = sum;
      all += sum;
    }
    double left = uniform * all;
    int chosen = 0;
    while (chosen < sums.length - 1 && left >= sums[chosen]) {
      left -= sums[chosen++];
    }
    int drawn = -1;
    for (int number = chosen; number < sums.length; number++) {
      int size = blocks.moveTo(number);
      for (int i = 0; i < size; i++) {
        if (weights[i] > 0) {
          drawn = number * BLOCK + i; // the last possible one if rounding leaves a crumb
          left -= weights[i];
          if (left < 0) {
            return drawn;
          }
        }
      }
    }
    return drawn >= 0 ? drawn : lastPossible(blocks, chosen);
  }

  private static int lastPossible(Blocks blocks, int end) {
    for (int number = end - 1; number >= 0; number--) {
      for (int i = blocks.moveTo(number) - 1; i >= 0; i--) {
        if (blocks.block[i] > 0) {
          return number * BLOCK + i;
        }
      }
    }
    throw new InputException(
        "no token can be drawn: the network's outputs are not finite numbers",
        "Its weights are too large: take another model, or train it with a lower learning rate.");
  }
}
