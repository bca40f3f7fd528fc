package dev.unroll.ngram;

import dev.unroll.layer.Steps;
import dev.unroll.ngram.NgramCounts.Ngram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

  private final NgramCounts counts;
  private final int vocabulary;
  private final int end;

  /** What follows contexts of 0, 1, 2 … tokens. */
  private final List<NgramLevel> levels;

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
    var all = new ArrayList<NgramLevel>();
    List<Ngram> ngrams = List.of();
    for (int length = counts.order(); length >= 1; length--) {
      ngrams = counts.ofLength(length, ngrams); // a list at a time: they take much memory
      all.addFirst(new NgramLevel(length - 1, ngrams));
    }
    levels = List.copyOf(all);
  }

  /** Returns the number of tokens. */
  int vocabulary() {
    return vocabulary;
  }

  /** Returns what follows contexts of 0, 1, 2 … tokens. */
  List<NgramLevel> levels() {
    return levels;
  }

  /** Returns the places of the contexts of 0, 1 … tokens where a sentence begins. */
  int[] contextsAtStart() {
    int[] history = begin(1);
    read(NONE, history, 0);
    return contexts(history, 0);
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
      NgramLevel level = levels.get(n);
      level.add(contexts[n], left, sums, from);
      left *= level.rest(contexts[n]);
    }
    float each = (float) (left / vocabulary);
    for (int i = from; i < from + vocabulary; i++) {
      sums[i] += each;
    }
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
}
