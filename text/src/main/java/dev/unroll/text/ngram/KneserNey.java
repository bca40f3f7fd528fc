package dev.unroll.text.ngram;

import dev.unroll.base.InputException;
import dev.unroll.data.IdStream;
import dev.unroll.primitive.IntList;
import dev.unroll.text.ngram.NgramModel.Nodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Estimates an n-gram model with interpolated modified Kneser-Ney smoothing (Chen and Goodman
 * 1999), as KenLM's {@code lmplz} and SRILM's {@code ngram-count -kndiscount -interpolate} do.
 * Sentences are independent; one mark stands before each.
 *
 * <pre>{@code
 * P(w|h) = (c(hw) - D(c(hw))) / c(h·) + γ(h)·P(w|h′)       h′: h without its first word
 * γ(h)   = (D₁N₁(h·) + D₂N₂(h·) + D₃N₃₊(h·)) / c(h·)      Nₖ: successors with count k
 * D₁ = 1 - 2Y·n₂/n₁   D₂ = 2 - 3Y·n₃/n₂   D₃ = 3 - 4Y·n₄/n₃   Y = n₁/(n₁ + 2n₂)
 * }</pre>
 *
 * c is the count for the longest n-grams and for those at the beginning of a sentence, otherwise
 * the number of different words seen before the n-gram. Below the unigrams all words are equally
 * probable.
 *
 * <p>A length whose discounts cannot be estimated, because no n-gram of it has the count 1, 2 or 3
 * or because a discount is negative or greater than its count, takes ½, 1 and 1½ for all three, as
 * {@code lmplz --discount_fallback} does: a mixture of both could place a rarer word before a more
 * frequent one.
 */
public final class KneserNey {

  /** The longest n-grams that can be counted. */
  static final int MAX_ORDER = 10;

  /** D₁, D₂ and D₃ where there is too little text to estimate them: those of lmplz. */
  private static final double[] FALLBACK = {0, 0.5, 1, 1.5};

  /**
   * A model and how it was estimated.
   *
   * @param fallbackOrders the lengths of n-grams whose discounts could not be estimated
   */
  public record Estimate(NgramModel model, List<Integer> fallbackOrders) {

    public Estimate {
      fallbackOrders = List.copyOf(fallbackOrders);
    }
  }

  private final IdStream text;
  private final int order;
  private final int start;
  private final Nodes nodes = new Nodes();
  private final IntList counts = IntList.of(0);

  /** Of each node the one without its first word. */
  private final IntList suffixes = IntList.of(NgramModel.NONE);

  private final IntList orders = IntList.of(0);
  private final List<Integer> fallbackOrders = new ArrayList<>();

  private KneserNey(IdStream text, int order) {
    this.text = text;
    this.order = order;
    this.start = text.tokenizer().size();
  }

  /**
   * Estimates the model of a text.
   *
   * @param order length of the longest n-grams, 1 to 10
   */
  public static NgramModel estimate(IdStream text, int order) {
    return estimateWithNotes(text, order).model();
  }

  /**
   * Estimates the model of a text, and tells where the text was too small to estimate discounts.
   *
   * @param order length of the longest n-grams, 1 to 10
   */
  public static Estimate estimateWithNotes(IdStream text, int order) {
    if (order < 1 || order > MAX_ORDER) {
      throw new InputException(
          "n-grams of order " + order,
          String.format(Locale.ROOT, "The order is 1 to %d.", MAX_ORDER));
    }
    var estimator = new KneserNey(text, order);
    estimator.count();
    return new Estimate(estimator.model(), estimator.fallbackOrders);
  }

  private void count() {
    int[] before = new int[order]; // nodes of the words before, by their number
    for (long s = 0; s < text.sentences(); s++) {
      Arrays.fill(before, NgramModel.NONE);
      before[0] = NgramModel.ROOT;
      if (order > 1) {
        before[1] = child(NgramModel.ROOT, start, NgramModel.ROOT);
      }
      for (long at = text.sentenceStart(s); at < text.sentenceStart(s + 1); at++) {
        before = count(before, text.id(at));
      }
    }
  }

  /** Counts the n-grams that end in a word, and returns their nodes as those before the next. */
  private int[] count(int[] before, int word) {
    int longest = 0;
    while (longest < order && before[longest] != NgramModel.NONE) {
      longest++;
    }
    int[] found = new int[longest + 1];
    boolean[] isNew = new boolean[longest + 1];
    for (int n = 1; n <= longest; n++) {
      found[n] = nodes.find(before[n - 1], word);
      if (found[n] == NgramModel.NONE) {
        found[n] = child(before[n - 1], word, n == 1 ? NgramModel.ROOT : found[n - 1]);
        isNew[n] = true;
      }
    }
    increment(found[longest]); // the longest there is here, or one at the beginning of a sentence
    for (int n = longest; n > 1 && isNew[n]; n--) {
      increment(found[n - 1]); // one more word has been seen before it
    }
    int[] next = new int[order];
    Arrays.fill(next, NgramModel.NONE);
    next[0] = NgramModel.ROOT;
    System.arraycopy(found, 1, next, 1, Math.min(longest, order - 1));
    return next;
  }

  private void increment(int node) {
    counts.set(node, counts.get(node) + 1);
  }

  private int child(int context, int word, int suffix) {
    int found = nodes.find(context, word);
    if (found != NgramModel.NONE) {
      return found;
    }
    counts.add(0);
    suffixes.add(suffix);
    orders.add(orders.get(context) + 1);
    return nodes.add(context, word);
  }

  /** What a context's successors add up to. */
  private record Sums(double[] counts, double[] kept) {}

  private NgramModel model() {
    for (int word = 0; word < start; word++) {
      child(NgramModel.ROOT, word, NgramModel.ROOT); // words of the vocabulary that never came
    }
    int size = nodes.count();
    double[][] discounts = discounts();
    var sums = new Sums(new double[size], new double[size]);
    for (int node = 1; node < size; node++) {
      int count = counts.get(node);
      int context = nodes.parent(node);
      sums.counts[context] += count;
      sums.kept[context] += discount(discounts[orders.get(node)], count);
    }
    double[] probabilities = new double[size];
    double[] backOffs = new double[size];
    for (int n = 1; n <= order; n++) {
      for (int node = 1; node < size; node++) {
        if (orders.get(node) == n) {
          probabilities[node] = probability(node, discounts[n], sums, probabilities);
        }
      }
    }
    for (int node = 0; node < size; node++) {
      double kept = sums.counts[node] == 0 ? 1 : sums.kept[node] / sums.counts[node];
      backOffs[node] = StrictMath.log(kept);
      probabilities[node] = StrictMath.log(probabilities[node]);
    }
    return new NgramModel(text.tokenizer(), order, nodes, probabilities, backOffs);
  }

  private double probability(int node, double[] discounts, Sums sums, double[] probabilities) {
    int context = nodes.parent(node);
    if (nodes.word(node) == start) {
      return 0; // nothing predicts the beginning of a sentence
    }
    int suffix = suffixes.get(node);
    double lower = context == NgramModel.ROOT ? 1.0 / start : probabilities[suffix];
    int count = counts.get(node);
    double own = count - discount(discounts, count);
    return (own + sums.kept[context] * lower) / sums.counts[context];
  }

  private static double discount(double[] discounts, int count) {
    return discounts[Math.min(3, count)];
  }

  /** D₁, D₂ and D₃ of each order, and 0 for the count 0. */
  private double[][] discounts() {
    long[][] ofCount = new long[order + 1][5];
    for (int node = 1; node < nodes.count(); node++) {
      int count = counts.get(node);
      if (count <= 4 && nodes.word(node) != start) {
        ofCount[orders.get(node)][count]++;
      }
    }
    double[][] discounts = new double[order + 1][];
    for (int n = 1; n <= order; n++) {
      double[] estimated = discounts(ofCount[n]);
      boolean usable = areUsable(estimated);
      discounts[n] = usable ? estimated : FALLBACK;
      if (!usable && hasNodes(n)) {
        fallbackOrders.add(n);
      }
    }
    return discounts;
  }

  private boolean hasNodes(int n) {
    return Arrays.stream(orders.toArray()).anyMatch(each -> each == n);
  }

  /** Returns 0, D₁, D₂ and D₃ of one order; {@code n[k]} n-grams of it have the count k. */
  private static double[] discounts(long[] n) {
    double y = n[1] / (n[1] + 2.0 * n[2]);
    double[] discounts = new double[4];
    for (int k = 1; k <= 3; k++) {
      discounts[k] = n[k] == 0 ? Double.NaN : k - (k + 1) * y * n[k + 1] / n[k];
    }
    return discounts;
  }

  private static boolean areUsable(double[] discounts) {
    return IntStream.rangeClosed(1, 3).allMatch(k -> discounts[k] >= 0 && discounts[k] <= k);
  }
}
