package dev.unroll.cli.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what each fold of a cross-validation reaches, and their mean. */
public final class FoldTable {

  private final PrintWriter out;
  private final List<Map<String, Double>> folds = new ArrayList<>();

  public FoldTable(PrintWriter out) {
    this.out = out;
  }

  /** Adds and prints a fold; {@code remark} stands behind it. */
  public void add(Map<String, Double> measures, String remark) {
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
  public void printMean() {
    var means = new StringBuilder("mean  ");
    var deviations = new StringBuilder("  ±   ");
    for (String name : folds.getFirst().keySet()) {
      means.append(figure("%20.4f", mean(name)));
      deviations.append(figure("%20.4f", deviation(name)));
    }
    out.println(means);
    out.println(deviations);
  }

  /** Returns all of the table, for machines. */
  public Map<String, Object> fields() {
    var means = new LinkedHashMap<String, Object>();
    var deviations = new LinkedHashMap<String, Object>();
    for (String name : folds.getFirst().keySet()) {
      means.put(name, mean(name));
      deviations.put(name, deviation(name));
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("folds", folds);
    fields.put("mean", means);
    fields.put("deviation", deviations);
    return fields;
  }

  private double mean(String name) {
    return folds.stream().mapToDouble(fold -> fold.getOrDefault(name, 0.0)).average().orElse(0);
  }

  private double deviation(String name) {
    double mean = mean(name);
    double squares =
        folds.stream().mapToDouble(fold -> square(fold.getOrDefault(name, 0.0) - mean)).sum();
    return Math.sqrt(squares / (folds.size() - 1));
  }

  private static double square(double value) {
    return value * value;
  }

  private static String figure(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
