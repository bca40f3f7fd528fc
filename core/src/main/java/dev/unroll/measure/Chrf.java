package dev.unroll.measure;

import dev.unroll.batch.WhiteSpace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * chrF of a corpus (Popović 2015) by the definitions of sacreBLEU: n-grams of characters up to 6,
 * without white space, precision and recall averaged over the orders that both texts have, and
 * recall weighing β² times as much. Of several references the best of each text counts.
 *
 * <pre>{@code
 * chrFβ = 100 · (1 + β²) P R / (β² P + R)
 * }</pre>
 */
public final class Chrf {

  private static final int ORDER = 6;

  private Chrf() {}

  /** Returns chrF2, from 0 to 100. */
  public static double of(List<String> found, List<? extends List<String>> references) {
    return of(found, references, 2);
  }

  /**
   * Returns chrFβ.
   *
   * @param found a text for each source
   * @param references of each, the texts of which any is right
   */
  static double of(List<String> found, List<? extends List<String>> references, double beta) {
    long[] all = new long[3 * ORDER];
    for (int i = 0; i < found.size(); i++) {
      long[] best = new long[3 * ORDER];
      double bestScore = -1;
      for (String reference : references.get(i)) {
        long[] counts = counts(found.get(i), reference);
        double score = score(counts, beta);
        if (score > bestScore) {
          bestScore = score;
          best = counts;
        }
      }
      for (int k = 0; k < all.length; k++) {
        all[k] += best[k];
      }
    }
    return score(all, beta);
  }

  /** Of each order the number of n-grams of the text, of the reference, and of those in both. */
  private static long[] counts(String found, String reference) {
    int[] own = letters(found);
    int[] wanted = letters(reference);
    long[] counts = new long[3 * ORDER];
    for (int n = 1; n <= ORDER; n++) {
      Map<String, Integer> ofFound = ngrams(own, n);
      Map<String, Integer> ofReference = ngrams(wanted, n);
      int at = 3 * (n - 1);
      counts[at] = ofReference.isEmpty() ? 0 : Math.max(0, own.length - n + 1);
      counts[at + 1] = Math.max(0, wanted.length - n + 1);
      for (var each : ofFound.entrySet()) {
        counts[at + 2] += Math.min(each.getValue(), ofReference.getOrDefault(each.getKey(), 0));
      }
    }
    return counts;
  }

  private static int[] letters(String text) {
    return text.codePoints().filter(c -> !WhiteSpace.is(c)).toArray();
  }

  private static Map<String, Integer> ngrams(int[] letters, int n) {
    var counts = new HashMap<String, Integer>();
    for (int i = 0; i + n <= letters.length; i++) {
      counts.merge(new String(letters, i, n), 1, Integer::sum);
    }
    return counts;
  }

  private static double score(long[] counts, double beta) {
    double precision = 0;
    double recall = 0;
    int orders = 0;
    for (int at = 0; at < counts.length; at += 3) {
      if (counts[at] > 0 && counts[at + 1] > 0) {
        precision += (double) counts[at + 2] / counts[at];
        recall += (double) counts[at + 2] / counts[at + 1];
        orders++;
      }
    }
    if (precision + recall == 0) {
      return 0;
    }
    precision /= orders;
    recall /= orders;
    double weight = beta * beta;
    return 100 * (1 + weight) * precision * recall / (weight * precision + recall);
  }
}
