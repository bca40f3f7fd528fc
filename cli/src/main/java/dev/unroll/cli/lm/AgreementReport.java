package dev.unroll.cli.lm;

import dev.unroll.cli.report.Charts;
import dev.unroll.measure.PairwiseAccuracy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;

/**
 * How well cells remember the number of a noun, as tables and as charts.
 *
 * @param distances from noun to verb, in words, ascending
 * @param cells what was measured of each cell, by its name
 */
record AgreementReport(List<Integer> distances, Map<String, Measured> cells) {

  /**
   * What was measured of a cell.
   *
   * @param accuracy share of verbs that are right, by distance
   * @param gradientBefore norms by the steps before the verb, before training
   * @param gradientAfter the same after training
   */
  record Measured(Map<Integer, Double> accuracy, double[] gradientBefore, double[] gradientAfter) {

    static Measured of(
        Map<Integer, PairwiseAccuracy.Count> counts, double[] before, double[] after) {
      var accuracy = new LinkedHashMap<Integer, Double>();
      counts.forEach((distance, count) -> accuracy.put(distance, count.accuracy()));
      return new Measured(accuracy, before, after);
    }

    private double percent(int distance) {
      return 100 * accuracy.getOrDefault(distance, 0.0);
    }

    private double[] gradient(boolean after) {
      return after ? gradientAfter : gradientBefore;
    }
  }

  void print(PrintWriter out) {
    out.println("Right number of the verb, by its distance from the noun (chance is 50%):");
    table(out, "distance", "  %15.1f%%", Measured::percent);
    for (boolean after : new boolean[] {false, true}) {
      out.println();
      out.println(
          "Norm of the gradient of the verb's loss, k steps before it, %s training:"
              .formatted(when(after)));
      table(out, "k", "  %16.1e", (cell, k) -> cell.gradient(after)[k]);
    }
  }

  /** Prints a column for each cell, a row for each distance. */
  private void table(
      PrintWriter out, String title, String format, ToDoubleBiFunction<Measured, Integer> value) {
    var head = new StringBuilder(String.format(Locale.ROOT, "%8s", title));
    cells.keySet().forEach(cell -> head.append(String.format(Locale.ROOT, "  %16s", cell)));
    out.println(head);
    for (int distance : distances) {
      var row = new StringBuilder(String.format(Locale.ROOT, "%8d", distance));
      for (Measured cell : cells.values()) {
        row.append(String.format(Locale.ROOT, format, value.applyAsDouble(cell, distance)));
      }
      out.println(row);
    }
  }

  /** Draws {@code name-accuracy.svg}, {@code name-before.svg} and {@code name-after.svg}. */
  void draw(Path name) {
    Charts.lines(
        new Charts.Titles("Right number of the verb", "words between noun and verb", "%"),
        lines(AgreementReport::percents),
        false,
        beside(name, "-accuracy.svg"));
    for (boolean after : new boolean[] {false, true}) {
      Charts.lines(
          new Charts.Titles(
              "Gradient of the verb's loss, " + when(after) + " training",
              "steps before the verb",
              "norm"),
          lines(cell -> byStep(cell.gradient(after))),
          true,
          beside(name, "-" + when(after) + ".svg"));
    }
  }

  private Map<String, Map<Integer, Double>> lines(Function<Measured, Map<Integer, Double>> line) {
    var lines = new LinkedHashMap<String, Map<Integer, Double>>();
    cells.forEach((cell, measured) -> lines.put(cell, line.apply(measured)));
    return lines;
  }

  private static Map<Integer, Double> percents(Measured cell) {
    var percents = new LinkedHashMap<Integer, Double>();
    cell.accuracy.keySet().forEach(distance -> percents.put(distance, cell.percent(distance)));
    return percents;
  }

  private static Map<Integer, Double> byStep(double[] norms) {
    var map = new LinkedHashMap<Integer, Double>();
    for (int k = 0; k < norms.length; k++) {
      map.put(k, Math.max(norms[k], 1e-15)); // a logarithm has no zero
    }
    return map;
  }

  private static String when(boolean after) {
    return after ? "after" : "before";
  }

  private static Path beside(Path name, String end) {
    return name.resolveSibling(name.getFileName() + end);
  }
}
