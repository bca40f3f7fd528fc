package dev.unroll.result;

import dev.unroll.file.Numbers;
import dev.unroll.result.LabelScore.Found;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many spans were found, by conlleval's rules: a span is right if its type and both its ends
 * are.
 *
 * @param found number of spans found
 * @param wanted number of spans there are
 * @param right number of spans that are both
 * @param types the same for each type, by name
 */
public record SpanScore(long found, long wanted, long right, Map<String, Found> types) {

  /**
   * Counts the spans of some sentences.
   *
   * @param found tags of each sentence, as found
   * @param wanted tags of each sentence, as they are
   */
  public static SpanScore of(List<List<String>> found, List<List<String>> wanted) {
    var counts = new TreeMap<String, long[]>();
    for (int i = 0; i < wanted.size(); i++) {
      if (found.get(i).size() != wanted.get(i).size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "sentence %d has %d tags, not %d",
                i,
                found.get(i).size(),
                wanted.get(i).size()));
      }
      var own = Span.of(found.get(i));
      var there = new HashSet<>(Span.of(wanted.get(i)));
      for (Span span : own) {
        count(counts, span, 0);
        if (there.contains(span)) {
          count(counts, span, 2);
        }
      }
      there.forEach(span -> count(counts, span, 1));
    }
    var types = new TreeMap<String, Found>();
    long[] all = new long[3];
    counts.forEach(
        (type, count) -> {
          types.put(type, new Found(count[0], count[1], count[2]));
          for (int i = 0; i < 3; i++) {
            all[i] += count[i];
          }
        });
    return new SpanScore(all[0], all[1], all[2], types);
  }

  private static void count(Map<String, long[]> counts, Span span, int place) {
    counts.computeIfAbsent(span.type(), type -> new long[3])[place]++;
  }

  private Found all() {
    return new Found(found, wanted, right);
  }

  /** Returns such as {@code precision 90.00%, recall 85.71%, F1 87.80%}. */
  @Override
  public String toString() {
    return "precision "
        + Numbers.percent(precision())
        + ", recall "
        + Numbers.percent(recall())
        + ", F1 "
        + Numbers.percent(f1());
  }

  /** Returns the share of the spans found that are right; 0 if none was found. */
  public double precision() {
    return all().precision();
  }

  /** Returns the share of the spans there are that were found; 0 if there are none. */
  public double recall() {
    return all().recall();
  }

  /** Returns the harmonic mean of {@link #precision} and {@link #recall}. */
  public double f1() {
    return all().f1();
  }
}
