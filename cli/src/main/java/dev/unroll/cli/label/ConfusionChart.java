package dev.unroll.cli.label;

import dev.unroll.cli.chart.Picture;
import dev.unroll.cli.chart.ShadedTable;
import dev.unroll.result.LabelScore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * A drawing of how often each label was taken for each. Where there are many, it shows those that
 * are most often confused, and all others as one.
 */
final class ConfusionChart {

  /** More rows cannot be read on a page. */
  private static final int MOST = 20;

  private static final String OTHERS = "all others";

  private final LabelScore score;
  private final List<String> names;
  private final boolean folded;

  ConfusionChart(LabelScore score) {
    this.score = score;
    List<String> all = List.copyOf(score.labels().keySet());
    folded = all.size() > MOST;
    names = folded ? mostConfused(all) : all;
  }

  /** Returns the labels of most mistakes, in the order of their letters. */
  private List<String> mostConfused(List<String> all) {
    return List.copyOf(
        new TreeSet<>(
            all.stream()
                .sorted(Comparator.comparingLong(this::mistakes).reversed())
                .limit(MOST - 1)
                .toList()));
  }

  private long mistakes(String label) {
    LabelScore.Found found = score.labels().getOrDefault(label, new LabelScore.Found(0, 0, 0));
    return found.wanted() + found.found() - 2 * found.right();
  }

  Picture picture() {
    var shown = new ArrayList<>(names);
    if (folded) {
      shown.add(OTHERS);
    }
    return new Picture(
        title(), new ShadedTable("true label", "the model says", shown, shares(shown.size())));
  }

  private double[][] shares(int size) {
    double[][] shares = new double[size][size];
    score
        .confusion()
        .forEach(
            (wanted, row) ->
                row.forEach((found, count) -> shares[place(wanted)][place(found)] += count));
    for (double[] row : shares) {
      double all = 0;
      for (double count : row) {
        all += count;
      }
      for (int i = 0; i < size && all > 0; i++) {
        row[i] /= all;
      }
    }
    return shares;
  }

  private int place(String label) {
    int place = names.indexOf(label);
    return place < 0 ? names.size() : place;
  }

  /** Says how many are right, and which mistake is the most frequent. */
  private String title() {
    String title =
        String.format(
            Locale.ROOT, "%.1f%% of %,d are right", 100 * score.accuracy(), score.items());
    String mistake = "";
    long most = 0;
    for (Map.Entry<String, Map<String, Long>> row : score.confusion().entrySet()) {
      long all = row.getValue().values().stream().mapToLong(Long::longValue).sum();
      for (Map.Entry<String, Long> cell : row.getValue().entrySet()) {
        if (cell.getValue() > most && !cell.getKey().equals(row.getKey())) {
          most = cell.getValue();
          mistake =
              String.format(
                  Locale.ROOT,
                  "; the most frequent mistake: %s taken for %s (%,d of %,d)",
                  row.getKey(),
                  cell.getKey(),
                  most,
                  all);
        }
      }
    }
    return title + mistake;
  }
}
