package dev.unroll.ngram;

import dev.unroll.ngram.NgramCounts.Ngram;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What follows the contexts of one length, as {@link NgramTable} smooths it. */
final class NgramLevel {

  /** What stands for a context that is not there. */
  static final int NONE = -1;

  /** D₁, D₂ and D₃ where there is too little text to estimate them. */
  private static final double[] FALLBACK = {0, 0.5, 1, 1.5};

  private final int length;

  /** The contexts, ascending, [contexts][length]. */
  private final int[] contexts;

  /** Where the tokens begin that follow each context; at the end their number. */
  private final int[] begins;

  /** The tokens that follow, ascending within a context, and s of each. */
  private final int[] tokens;

  private final double[] shares;

  /** γ of each context. */
  private final double[] rests;

  /**
   * Smooths counts.
   *
   * @param ngrams n-grams of one token more than the contexts, ascending
   */
  NgramLevel(int length, List<Ngram> ngrams) {
    this.length = length;
    int size = ngrams.size();
    tokens = new int[size];
    shares = new double[size];
    int[] starts =
        IntStream.range(0, size)
            .filter(i -> i == 0 || !sameContext(ngrams.get(i - 1), ngrams.get(i)))
            .toArray();
    contexts = new int[Math.multiplyExact(starts.length, length)];
    begins = Arrays.copyOf(starts, starts.length + 1);
    begins[starts.length] = size;
    rests = new double[starts.length];
    double[] discounts = discounts(ngrams);
    for (int c = 0; c < starts.length; c++) {
      System.arraycopy(ngrams.get(starts[c]).tokens(), 0, contexts, c * length, length);
      smooth(c, ngrams, discounts);
    }
  }

  private boolean sameContext(Ngram one, Ngram other) {
    return Arrays.equals(one.tokens(), 0, length, other.tokens(), 0, length);
  }

  private void smooth(int context, List<Ngram> ngrams, double[] discounts) {
    long all = 0;
    double kept = 0;
    for (int i = begins[context]; i < begins[context + 1]; i++) {
      int count = ngrams.get(i).count();
      all += count;
      kept += discounts[Math.min(3, count)];
    }
    for (int i = begins[context]; i < begins[context + 1]; i++) {
      int count = ngrams.get(i).count();
      tokens[i] = ngrams.get(i).tokens()[length];
      shares[i] = (count - discounts[Math.min(3, count)]) / all;
    }
    rests[context] = kept / all;
  }

  /** Returns 0, D₁, D₂ and D₃. */
  private static double[] discounts(List<Ngram> ngrams) {
    double[] n = new double[5];
    for (Ngram each : ngrams) {
      n[each.count() > 4 ? 0 : each.count()]++;
    }
    double y = n[1] / (n[1] + 2 * n[2]);
    double[] discounts = new double[4];
    for (int k = 1; k <= 3; k++) {
      discounts[k] = k - (k + 1) * y * n[k + 1] / n[k];
      if (!(discounts[k] >= 0 && discounts[k] <= k)) { // or NaN, where n[k] is 0
        return FALLBACK;
      }
    }
    return discounts;
  }

  /** Returns the place of the context that ends before {@code to}, or a number below 0. */
  int find(int[] histories, int to) {
    int low = 0;
    int high = rests.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, histories, to - length, length);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NONE;
  }

  /** Returns γ of a context. */
  double rest(int context) {
    return rests[context];
  }

  /** Adds s of all tokens after a context, times {@code weight}, to sums. */
  void add(int context, double weight, float[] sums, int from) {
    for (int i = begins[context]; i < begins[context + 1]; i++) {
      sums[from + tokens[i]] += (float) (weight * shares[i]);
    }
  }

  /** Returns the place of a token among those that follow a context, or a number below 0. */
  int place(int context, int token) {
    return Arrays.binarySearch(tokens, begins[context], begins[context + 1], token);
  }

  /** Returns s of the token at a place; 0 where that is below 0. */
  double share(int place) {
    return place < 0 ? 0 : shares[place];
  }

  /** Adds s of those tokens after a context that begin at {@code first}, as many as there are. */
  void add(int context, int first, double[] sums) {
    int place = place(context, first);
    int to = begins[context + 1];
    for (int i = place < 0 ? -place - 1 : place; i < to && tokens[i] - first < sums.length; i++) {
      sums[tokens[i] - first] += shares[i];
    }
  }

  /**
   * Returns of each place the context of the next level that its token makes of its context, or
   * {@link #NONE}. Both are in the same order, so that one pass finds them all.
   */
  int[] longer(NgramLevel next) {
    int[] found = new int[tokens.length];
    int at = 0;
    for (int context = 0; context < rests.length; context++) {
      for (int place = begins[context]; place < begins[context + 1]; place++) {
        int order = next.compareLast(at, this, context, tokens[place]);
        while (order < 0) {
          order = next.compareLast(++at, this, context, tokens[place]);
        }
        found[place] = order == 0 ? at : NONE;
      }
    }
    return found;
  }

  /**
   * Compares a context with that of a shorter level and a token after it; the one after the last is
   * greater than any.
   */
  private int compareLast(int own, NgramLevel shorter, int context, int token) {
    if (own == rests.length) {
      return 1;
    }
    int order = compare(own, shorter.contexts, context * shorter.length, shorter.length);
    return order == 0 ? Integer.compare(contexts[own * length + length - 1], token) : order;
  }

  /** Compares the first tokens of a context with others. */
  private int compare(int context, int[] others, int from, int count) {
    int own = context * length;
    return Arrays.compare(contexts, own, own + count, others, from, from + count);
  }
}
