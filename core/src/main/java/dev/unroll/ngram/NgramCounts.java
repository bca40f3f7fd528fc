package dev.unroll.ngram;

import dev.unroll.data.IdStream;
import dev.unroll.file.Json;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How often the n-grams of a text occur: those of the greatest length, and shorter ones at the
 * beginning of a sentence, before which nothing stands. What an n-gram model needs of all others
 * follows from these.
 *
 * <p>{@code <EOS>} stands for the beginning of a sentence, too: it is the first token of an n-gram
 * or the last one, never one between.
 *
 * <p>In a file they are bytes as Base64; of each n-gram, in ascending order: how many tokens it
 * begins with that the one before begins with, its length, the other tokens, its count; numbers are
 * written in groups of seven bits, the lowest first, the eighth bit says that more follow.
 *
 * @param order the greatest length
 * @param ngrams the n-grams, ascending
 */
public record NgramCounts(int order, List<Ngram> ngrams) {

  /** Tokens of the longest n-grams that are counted. */
  public static final int LONGEST = 10;

  /** Tokens whose n-grams are counted at most, so that a model stays below a few megabytes. */
  public static final int MOST_TOKENS = 1_500_000;

  /**
   * An n-gram.
   *
   * @param tokens its tokens, which nobody changes
   * @param count how often it occurs
   */
  public record Ngram(int[] tokens, int count) {}

  private static final Comparator<Ngram> BY_TOKENS =
      Comparator.comparing(Ngram::tokens, Arrays::compare);

  /** Takes over n-grams that are in order. */
  public NgramCounts {
    ngrams = List.copyOf(ngrams);
  }

  /** Counts the n-grams of a text. */
  public static NgramCounts of(IdStream text, int order) {
    int[] tokens = new int[Math.toIntExact(text.size())];
    for (int t = 0; t < tokens.length; t++) {
      tokens[t] = text.id(t);
    }
    return of(tokens, text.tokenizer().endOfSentence(), order);
  }

  /**
   * Counts the n-grams of sentences.
   *
   * @param sentences their tokens, each sentence with its end
   * @param end the id that ends a sentence
   */
  public static NgramCounts of(int[] sentences, int end, int order) {
    int size = sentences.length;
    int[] tokens = new int[size + 1];
    tokens[0] = end;
    System.arraycopy(sentences, 0, tokens, 1, size);
    var all = new ArrayList<Ngram>(size);
    int begin = 0;
    for (int at = 1; at <= size; at++) {
      int from = Math.max(begin, at - order + 1);
      all.add(new Ngram(Arrays.copyOfRange(tokens, from, at + 1), 1));
      begin = tokens[at] == end ? at : begin;
    }
    return new NgramCounts(order, merged(all));
  }

  /** Sorts n-grams, and adds up the counts of the same ones. */
  private static List<Ngram> merged(List<Ngram> all) {
    all.sort(BY_TOKENS);
    var merged = new ArrayList<Ngram>();
    int from = 0;
    while (from < all.size()) {
      int[] tokens = all.get(from).tokens;
      int count = 0;
      while (from < all.size() && Arrays.equals(all.get(from).tokens, tokens)) {
        count += all.get(from++).count;
      }
      merged.add(new Ngram(tokens, count));
    }
    return merged;
  }

  /**
   * Returns the n-grams of a length. The count of one is how often it occurs, where it is as long
   * as can be or begins a sentence, and else the number of different tokens before it.
   *
   * @param longer those of one token more; none where there are none
   */
  List<Ngram> ofLength(int length, List<Ngram> longer) {
    var own = new ArrayList<Ngram>();
    for (Ngram each : ngrams) {
      if (each.tokens.length == length) {
        own.add(each);
      }
    }
    for (Ngram each : longer) {
      own.add(new Ngram(Arrays.copyOfRange(each.tokens, 1, length + 1), 1));
    }
    return merged(own);
  }

  /** Returns the counts as JSON. */
  public Map<String, Object> toJson() {
    var out = new ByteArrayOutputStream();
    int[] before = {};
    for (Ngram each : ngrams) {
      int shared = Math.max(0, Arrays.mismatch(before, each.tokens));
      write(out, shared);
      write(out, each.tokens.length);
      for (int i = shared; i < each.tokens.length; i++) {
        write(out, each.tokens[i]);
      }
      write(out, each.count);
      before = each.tokens;
    }
    return Json.object(
        "order", (long) order, "counts", Base64.getEncoder().encodeToString(out.toByteArray()));
  }

  private static void write(ByteArrayOutputStream out, int number) {
    int left = number;
    while (left > 0x7f) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }

  /**
   * Reads counts.
   *
   * @param vocabulary number of tokens
   * @param end the id of {@code <EOS>}
   */
  public static NgramCounts fromJson(Json.Reader json, int vocabulary, int end) {
    int order = (int) json.whole("order", 2, LONGEST);
    return json.part(
        "counts",
        text -> {
          var in = ByteBuffer.wrap(Base64.getDecoder().decode(text.asText()));
          var ngrams = new ArrayList<Ngram>();
          int[] before = {};
          long sum = 0;
          while (in.hasRemaining()) {
            Ngram next = read(in, before, order);
            check(next.tokens, vocabulary, end, order);
            sum += next.count;
            if (Arrays.compare(before, next.tokens) >= 0 || sum > MOST_TOKENS) {
              throw new IllegalArgumentException(
                  String.format(
                      Locale.ROOT, "n-grams out of order, or more than %,d", MOST_TOKENS));
            }
            ngrams.add(next);
            before = next.tokens;
          }
          if (ngrams.isEmpty()) {
            throw new IllegalArgumentException("there is no n-gram");
          }
          return new NgramCounts(order, ngrams);
        });
  }

  private static Ngram read(ByteBuffer in, int[] before, int order) {
    try {
      int shared = number(in);
      int length = number(in);
      if (shared > before.length || shared >= length || length < 2 || length > order) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "an n-gram of %d tokens, %d of them those of one of %d",
                length,
                shared,
                before.length));
      }
      int[] tokens = Arrays.copyOf(before, length);
      for (int i = shared; i < length; i++) {
        tokens[i] = number(in);
      }
      int count = number(in);
      if (count < 1) {
        throw new IllegalArgumentException("an n-gram that never occurs");
      }
      return new Ngram(tokens, count);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("n-grams end in the middle of one");
    }
  }

  private static int number(ByteBuffer in) {
    long number = 0;
    int bits = 0;
    byte next;
    do {
      next = in.get();
      number |= (long) (next & 0x7f) << bits;
      bits += 7;
    } while (next < 0 && bits <= 28);
    if (next < 0 || number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a number of n-grams is too large");
    }
    return (int) number;
  }

  private static void check(int[] tokens, int vocabulary, int end, int order) {
    int last = tokens.length - 1;
    boolean fits = tokens.length == order || tokens[0] == end;
    for (int i = 0; i <= last; i++) {
      fits &= tokens[i] < vocabulary && (tokens[i] != end || i == 0 || i == last);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "the n-gram " + Arrays.toString(tokens) + " cannot be one of the vocabulary's texts");
    }
  }
}
