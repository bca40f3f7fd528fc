package dev.unroll.measure;

import dev.unroll.batch.WhiteSpace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * BLEU of a corpus (Papineni et al. 2002) by the definitions of sacreBLEU (Post 2018): its
 * tokenizer 13a, case-sensitive, n-grams up to 4, exponential smoothing, of several references the
 * nearest length. Its signature is {@code case:mixed|tok:13a|smooth:exp}.
 *
 * <pre>{@code
 * BLEU = 100 · min(1, exp(1 - r/c)) · (p₁ p₂ p₃ p₄)^¼
 * pₙ = matching n-grams / n-grams     of the k-th order without a match: 1 / (2ᵏ n-grams)
 * }</pre>
 */
public final class Bleu {

  private static final int ORDER = 4;

  private static final Pattern SYMBOL = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
  private static final Pattern AFTER_LETTER = Pattern.compile("([^0-9])([.,])");
  private static final Pattern BEFORE_LETTER = Pattern.compile("([.,])([^0-9])");
  private static final Pattern DASH = Pattern.compile("([0-9])(-)");

  private Bleu() {}

  /** Cuts a line into tokens as mteval-v13a does; sacreBLEU drops the end's white space first. */
  static List<String> tokens(String line) {
    String text =
        WhiteSpace.stripEnd(line)
            .replace("<skipped>", "")
            .replace("-\n", "")
            .replace("\n", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    text = SYMBOL.matcher(" " + text + " ").replaceAll(" $1 ");
    text = AFTER_LETTER.matcher(text).replaceAll("$1 $2 ");
    text = BEFORE_LETTER.matcher(text).replaceAll(" $1 $2");
    text = DASH.matcher(text).replaceAll("$1 $2 ");
    return WhiteSpace.split(text);
  }

  /**
   * Returns BLEU, from 0 to 100.
   *
   * @param found a text for each source
   * @param references of each, the texts of which any is right
   */
  public static double of(List<String> found, List<? extends List<String>> references) {
    long[] matches = new long[ORDER];
    long[] totals = new long[ORDER];
    long length = 0;
    long wantedLength = 0;
    for (int i = 0; i < found.size(); i++) {
      List<String> own = tokens(found.get(i));
      var wanted = references.get(i).stream().map(Bleu::tokens).toList();
      length += own.size();
      wantedLength += nearestLength(own.size(), wanted);
      for (int n = 1; n <= ORDER; n++) {
        Map<List<String>, Integer> counts = ngrams(own, n);
        Map<List<String>, Integer> most = new HashMap<>();
        for (List<String> reference : wanted) {
          ngrams(reference, n).forEach((gram, count) -> most.merge(gram, count, Math::max));
        }
        totals[n - 1] += Math.max(0, own.size() - n + 1);
        for (var each : counts.entrySet()) {
          matches[n - 1] += Math.min(each.getValue(), most.getOrDefault(each.getKey(), 0));
        }
      }
    }
    return score(matches, totals, length, wantedLength);
  }

  private static double score(long[] matches, long[] totals, long length, long wantedLength) {
    if (Arrays.stream(matches).allMatch(count -> count == 0) || totals[ORDER - 1] == 0) {
      return 0;
    }
    double logs = 0;
    double smoothing = 1;
    for (int n = 0; n < ORDER; n++) {
      if (matches[n] == 0) {
        smoothing *= 2;
      }
      double matching = matches[n] == 0 ? 1 / smoothing : matches[n];
      logs += StrictMath.log(matching / totals[n]);
    }
    double brevity = length < wantedLength ? 1 - (double) wantedLength / length : 0;
    return 100 * StrictMath.exp(brevity + logs / ORDER);
  }

  /** Of equally near lengths the shorter. */
  private static int nearestLength(int length, List<List<String>> references) {
    int nearest = -1;
    for (List<String> reference : references) {
      int distance = Math.abs(reference.size() - length);
      int least = Math.abs(nearest - length);
      if (nearest < 0 || distance < least || (distance == least && reference.size() < nearest)) {
        nearest = reference.size();
      }
    }
    return Math.max(0, nearest);
  }

  private static Map<List<String>, Integer> ngrams(List<String> tokens, int n) {
    var counts = new HashMap<List<String>, Integer>();
    for (int i = 0; i + n <= tokens.size(); i++) {
      counts.merge(tokens.subList(i, i + n), 1, Integer::sum);
    }
    return counts;
  }
}
