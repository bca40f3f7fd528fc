package dev.unroll.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what each fold of a cross-validation reaches, and their mean. */
final class FoldTable {

  private final PrintWriter out;
  private final List<Map<String, Double>> folds = new ArrayList<>();

  FoldTable(PrintWriter out) {
    this.out = out;
  }

  /** Adds and prints a fold; {@code remark} stands behind it. */
  void add(Map<String, Double> measures, String remark) {
    if (folds.isEmpty()) {
      var header = new StringBuilder("fold  ");
      measures.keySet().forEach(name -> header.append("%20s".formatted(name)));
      out.println(header);
    }
    folds.add(measures);
    var line = new StringBuilder("%4d  ".formatted(folds.size()));
    measures.values().forEach(value -> line.append(figure("%20.4f", value)));
    out.println(line.append("  ").append(remark).toString().stripTrailing());
    out.flush();
  }

  /** Prints the mean of all folds and their standard deviation. */
  void printMean() {
    var means = new StringBuilder("mean  ");
    var deviations = new StringBuilder("  ±   ");
    for (String name : folds.getFirst().keySet()) {
      double[] values = folds.stream().mapToDouble(fold -> fold.getOrDefault(name, 0.0)).toArray();
      double mean = Arrays.stream(values).average().orElse(0);
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      means.append(figure("%20.4f", mean));
      deviations.append(figure("%20.4f", Math.sqrt(squares / (values.length - 1))));
    }
    out.println(means);
    out.println(deviations);
  }

  private static String figure(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
