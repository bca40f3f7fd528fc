package dev.unroll.ngram;

import dev.unroll.layer.Steps;
import dev.unroll.ngram.NgramCounts.Ngram;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An n-gram model with interpolated modified Kneser-Ney smoothing (Chen and Goodman 1999), as
 * {@code text.ngram.KneserNey} estimates it, in a form that gives all tokens at a time:
 *
 * <pre>{@code
 * P(w|h) = s(hw) + γ(h)·P(w|h′)       h′: h without its first token; below the unigrams 1 / tokens
 * s(hw)  = (c(hw) - D(c(hw))) / c(h·)   γ(h) = 1 - Σ s(h·)
 * D₁ = 1 - 2Y·n₂/n₁   D₂ = 2 - 3Y·n₃/n₂   D₃ = 3 - 4Y·n₄/n₃   Y = n₁/(n₁ + 2n₂)
 * }</pre>
 *
 * <p>A history is the last tokens that were read, since the beginning of the sentence, for which
 * {@code <EOS>} stands; {@link #NONE} before it.
 */
public final class NgramTable {

  /** What stands in a history where nothing was read. */
  public static final int NONE = -1;

  /** D₁, D₂ and D₃ where there is too little text to estimate them. */
  private static final double[] FALLBACK = {0, 0.5, 1, 1.5};

  private final NgramCounts counts;
  private final int vocabulary;
  private final int end;

  /** What follows contexts of 0, 1, 2 … tokens. */
  private final List<Level> levels;

  /**
   * Prepares a model.
   *
   * @param vocabulary number of tokens
   * @param end the id of {@code <EOS>}
   */
  public NgramTable(NgramCounts counts, int vocabulary, int end) {
    this.counts = counts;
    this.vocabulary = vocabulary;
    this.end = end;
    var lengths = counts.byLength();
    levels =
        IntStream.range(0, lengths.size()).mapToObj(n -> new Level(n, lengths.get(n))).toList();
  }

  /** Returns what was counted. */
  public NgramCounts counts() {
    return counts;
  }

  /** Returns how many tokens a history has. */
  public int length() {
    return counts.order() - 1;
  }

  /** Returns the histories of sequences that have read nothing, [sequences][length]. */
  public int[] begin(int sequences) {
    int[] none = new int[Math.multiplyExact(sequences, length())];
    Arrays.fill(none, NONE);
    return none;
  }

  /** Adds a token to the history that begins at {@code at}; an id below 0 begins a sentence. */
  public void read(int token, int[] histories, int at) {
    int last = at + length() - 1;
    if (token < 0 || token == end) {
      Arrays.fill(histories, at, last, NONE);
      histories[last] = end;
    } else {
      System.arraycopy(histories, at + 1, histories, at, length() - 1);
      histories[last] = token;
    }
  }

  /**
   * Histories of a batch.
   *
   * @param rows of each row, with its token, [R][length]
   * @param last of each sequence, [B][length]
   */
  public record Histories(int[] rows, int[] last) {}

  /**
   * Returns the histories of a batch.
   *
   * @param tokens the token that each row reads
   * @param before the history of each sequence
   */
  public Histories read(Steps steps, int[] tokens, int[] before) {
    int length = length();
    int[] rows = new int[Math.multiplyExact(steps.rows(), length)];
    int[] last = before.clone();
    for (int s = 0; s < steps.batch(); s++) {
      for (int t = 0; t < steps.length(s); t++) {
        int row = steps.row(t, s);
        read(tokens[row], last, s * length);
        System.arraycopy(last, s * length, rows, row * length, length);
      }
    }
    return new Histories(rows, last);
  }

  /** Returns whether an array is the history of one sequence. */
  public boolean isHistory(int[] tokens) {
    return tokens.length == length()
        && Arrays.stream(tokens).allMatch(id -> id >= NONE && id < vocabulary);
  }

  /**
   * Adds the probabilities of all tokens after a history, times {@code weight}, to sums.
   *
   * @param at where the history begins in {@code histories}
   * @param from where the sums begin in {@code sums}
   */
  public void add(double weight, int[] histories, int at, float[] sums, int from) {
    int[] contexts = contexts(histories, at);
    double left = weight;
    for (int n = contexts.length - 1; n >= 0; n--) {
      Level level = levels.get(n);
      level.add(contexts[n], left, sums, from);
      left *= level.rests[contexts[n]];
    }
    float each = (float) (left / vocabulary);
    for (int i = from; i < from + vocabulary; i++) {
      sums[i] += each;
    }
  }

  /** What may follow a history, whose contexts are found once for all tokens. */
  public final class Following {
    private final int[] contexts;

    private Following(int[] contexts) {
      this.contexts = contexts;
    }

    /** Returns the probability of a token. */
    public double probability(int token) {
      double probability = 1.0 / vocabulary;
      for (int n = 0; n < contexts.length; n++) {
        Level level = levels.get(n);
        double rest = level.rests[contexts[n]];
        probability = level.share(contexts[n], token) + rest * probability;
      }
      return probability;
    }
  }

  /** Returns what may follow the history that begins at {@code at}. */
  public Following after(int[] histories, int at) {
    return new Following(contexts(histories, at));
  }

  /** Returns the places of the contexts of 0, 1, 2 … tokens, as far as they occur in the text. */
  private int[] contexts(int[] histories, int at) {
    int[] places = new int[levels.size()];
    int to = at + length();
    for (int n = 0; n < places.length; n++) {
      boolean there = n == 0 || histories[to - n] != NONE;
      places[n] = there ? levels.get(n).find(histories, to) : -1;
      if (places[n] < 0) {
        return Arrays.copyOf(places, n);
      }
    }
    return places;
  }

  /** What follows the contexts of one length. */
  private static final class Level {
    private final int length;

    /** The contexts, ascending. */
    private final int[][] contexts;

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
    Level(int length, List<Ngram> ngrams) {
      this.length = length;
      int size = ngrams.size();
      tokens = new int[size];
      shares = new double[size];
      int[] starts =
          IntStream.range(0, size)
              .filter(i -> i == 0 || !sameContext(ngrams.get(i - 1), ngrams.get(i)))
              .toArray();
      contexts = new int[starts.length][];
      begins = Arrays.copyOf(starts, starts.length + 1);
      begins[starts.length] = size;
      rests = new double[starts.length];
      double[] discounts = discounts(ngrams);
      for (int c = 0; c < starts.length; c++) {
        contexts[c] = Arrays.copyOf(ngrams.get(starts[c]).tokens(), length);
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
      int high = contexts.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = Arrays.compare(contexts[middle], 0, length, histories, to - length, to);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -1;
    }

    /** Returns s of a token. */
    double share(int context, int token) {
      int place = Arrays.binarySearch(tokens, begins[context], begins[context + 1], token);
      return place < 0 ? 0 : shares[place];
    }

    void add(int context, double weight, float[] sums, int from) {
      for (int i = begins[context]; i < begins[context + 1]; i++) {
        sums[from + tokens[i]] += (float) (weight * shares[i]);
      }
    }
  }
}
