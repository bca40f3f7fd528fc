package dev.unroll.text;

import dev.unroll.model.IdStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Interpolated trigram model with Kneser-Ney smoothing (Kneser and Ney 1995; Chen and Goodman
 * 1999), and a unigram model, as yardsticks for a recurrent one: same text, same tokens. Sentences
 * are independent, as in {@link dev.unroll.model.Reading#SENTENCES}.
 *
 * <pre>{@code
 * P(w|uv) = max(c(uvw) - D₃, 0) / c(uv·) + D₃·N(uv·) / c(uv·) · P(w|v)       c: counts
 * P(w|v)  = max(k(vw) - D₂, 0) / k(v·)   + D₂·N(v·) / k(v·) · P(w)           k: in how many contexts
 * P(w)    = max(k(w) - D₁, 0) / k(·)     + D₁·N(·) / k(·) / V                N: how many successors
 * Dᵢ = n₁ / (n₁ + 2n₂), from the n-grams of order i that have count 1 and 2
 * }</pre>
 *
 * The context before a sentence is a token of its own, whose bigrams keep their plain counts.
 */
public final class NgramModel {

  /** Bits of an id in a key of three. */
  private static final int BITS = 21;

  private final int vocabulary;
  private final int start;
  private final Map<Long, int[]> trigrams = new HashMap<>();
  private final Map<Long, int[]> bigrams = new HashMap<>();
  private final long[] unigrams;
  private final long[] counts;

  /** Of each context: the sum of its counts, and the number of its different successors. */
  private final Map<Long, int[]> contexts3 = new HashMap<>();

  private final Map<Long, int[]> contexts2 = new HashMap<>();
  private long contexts1;
  private long successors1;
  private final double[] discounts;

  /** Counts the n-grams of a text. */
  public NgramModel(IdStream text) {
    vocabulary = text.tokenizer().size();
    start = vocabulary;
    if (vocabulary >= (1 << BITS) - 1) {
      throw new IllegalArgumentException("a vocabulary of more than two million tokens");
    }
    unigrams = new long[vocabulary];
    counts = new long[vocabulary];
    count(text);
    trigrams.forEach((key, count) -> addTo(contexts3, key >>> BITS, count[0]));
    bigrams.forEach((key, count) -> addTo(contexts2, key >>> BITS, count[0]));
    for (long k : unigrams) {
      contexts1 += k;
      successors1 += k > 0 ? 1 : 0;
    }
    discounts =
        new double[] {
          0, discount(unigrams), discount(bigrams.values()), discount(trigrams.values())
        };
  }

  private void count(IdStream text) {
    for (long s = 0; s < text.sentences(); s++) {
      int u = start;
      int v = start;
      for (long at = text.sentenceStart(s); at < text.sentenceStart(s + 1); at++) {
        int w = text.id(at);
        counts[w]++;
        int[] trigram = trigrams.computeIfAbsent(key(u, v, w), key -> new int[1]);
        if (trigram[0]++ == 0 || v == start) {
          int[] bigram = bigrams.computeIfAbsent(key(0, v, w), key -> new int[1]);
          if (bigram[0]++ == 0) {
            unigrams[w]++;
          }
        }
        u = v;
        v = w;
      }
    }
  }

  private static long key(int u, int v, int w) {
    return ((long) u << (2 * BITS)) | ((long) v << BITS) | w;
  }

  private static void addTo(Map<Long, int[]> contexts, long context, int count) {
    int[] sums = contexts.computeIfAbsent(context, key -> new int[2]);
    sums[0] += count;
    sums[1]++;
  }

  private static double discount(Iterable<int[]> counts) {
    long ones = 0;
    long twos = 0;
    for (int[] count : counts) {
      ones += count[0] == 1 ? 1 : 0;
      twos += count[0] == 2 ? 1 : 0;
    }
    return discount(ones, twos);
  }

  private static double discount(long[] counts) {
    long ones = 0;
    long twos = 0;
    for (long count : counts) {
      ones += count == 1 ? 1 : 0;
      twos += count == 2 ? 1 : 0;
    }
    return discount(ones, twos);
  }

  private static double discount(long ones, long twos) {
    return ones == 0 ? 0.5 : (double) ones / (ones + 2 * twos);
  }

  /** Returns the trigram model's probability of {@code w} after {@code u} and {@code v}. */
  public double probability(int u, int v, int w) {
    double lower = probability(v, w);
    int[] context = contexts3.get(key(0, u, v));
    if (context == null) {
      return lower;
    }
    int[] found = trigrams.get(key(u, v, w));
    return interpolate(3, found == null ? 0 : found[0], context, lower);
  }

  /** Returns the id that stands before a sentence, as {@code u} and {@code v}. */
  public int start() {
    return start;
  }

  private double probability(int v, int w) {
    double uniform = 1.0 / vocabulary;
    double discount = discounts[1];
    double unigram =
        (Math.max(unigrams[w] - discount, 0) + discount * successors1 * uniform) / contexts1;
    int[] context = contexts2.get((long) v);
    if (context == null) {
      return unigram;
    }
    int[] found = bigrams.get(key(0, v, w));
    return interpolate(2, found == null ? 0 : found[0], context, unigram);
  }

  private double interpolate(int order, int count, int[] context, double lower) {
    double discount = discounts[order];
    return (Math.max(count - discount, 0) + discount * context[1] * lower) / context[0];
  }

  /** Returns the trigram model's perplexity a token on a text under the same tokenizer. */
  public double perplexity(IdStream text) {
    double nats = 0;
    for (long s = 0; s < text.sentences(); s++) {
      int u = start;
      int v = start;
      for (long at = text.sentenceStart(s); at < text.sentenceStart(s + 1); at++) {
        int w = text.id(at);
        nats -= StrictMath.log(probability(u, v, w));
        u = v;
        v = w;
      }
    }
    return StrictMath.exp(nats / text.size());
  }

  /** Returns the perplexity a token of the unigram model with one added to every count. */
  public double unigramPerplexity(IdStream text) {
    double total = vocabulary;
    for (long count : counts) {
      total += count;
    }
    double nats = 0;
    for (long at = 0; at < text.size(); at++) {
      nats -= StrictMath.log((counts[text.id(at)] + 1) / total);
    }
    return StrictMath.exp(nats / text.size());
  }
}
