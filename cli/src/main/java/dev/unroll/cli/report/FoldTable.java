package dev.unroll.cli.report;

import static java.util.stream.Collectors.joining;

import dev.unroll.file.Numbers;
import dev.unroll.measure.CrossValidation;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints what each fold of a cross-validation reaches, and their mean. */
public final class FoldTable {

  private final PrintWriter out;
  private final CrossValidation results = new CrossValidation();

  public FoldTable(PrintWriter out) {
    this.out = out;
  }

  /** Adds and prints a fold; {@code remark} stands after it. */
  public void add(Map<String, Double> measures, String remark) {
    if (results.folds().isEmpty()) {
      out.println("fold  " + measures.keySet().stream().map("%20s"::formatted).collect(joining()));
    }
    results.add(measures);
    String number = "%4d  ".formatted(results.folds().size());
    out.println((number + figures(measures.values()) + "  " + remark).stripTrailing());
    out.flush();
  }

  /** Prints the mean of all folds and their standard deviation. */
  public void printMean() {
    out.println("mean  " + figures(results.mean().values()));
    out.println("  ±   " + figures(results.deviation().values()));
  }

  /** Returns the mean of each measure. */
  public Map<String, Double> mean() {
    return results.mean();
  }

  /** Returns all of the table, for machines. */
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("folds", results.folds());
    fields.put("mean", results.mean());
    fields.put("deviation", results.deviation());
    return fields;
  }

  private static String figures(Collection<Double> values) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, "%20s", Numbers.percent(value)))
        .collect(joining());
  }
}
