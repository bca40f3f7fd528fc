package dev.unroll.cli.lm;

import dev.unroll.cli.chart.LineChart;
import dev.unroll.cli.chart.Picture;
import dev.unroll.measure.PairwiseAccuracy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

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

    /** Returns the share of the gradient that is left at the step furthest from the verb. */
    private double arriving(boolean after) {
      double[] norms = gradient(after);
      return norms[norms.length - 1] / norms[0];
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

  /** Returns a row for each cell and each number of words before the verb. */
  List<Map<String, Object>> rows() {
    var rows = new ArrayList<Map<String, Object>>();
    cells.forEach(
        (cell, measured) -> {
          for (int k = 0; k < measured.gradientBefore().length; k++) {
            var row = new LinkedHashMap<String, Object>();
            row.put("cell", cell);
            row.put("distance", k);
            row.put("accuracy", measured.accuracy().getOrDefault(k, Double.NaN)); // printed empty
            row.put("gradientBefore", measured.gradientBefore()[k]);
            row.put("gradientAfter", measured.gradientAfter()[k]);
            rows.add(row);
          }
        });
    return rows;
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
    var accuracy =
        new LineChart("words between noun and verb", "right verbs, %").rangeY(lowest(), 100);
    double[] apart = distances.stream().mapToDouble(Integer::doubleValue).toArray();
    cells.forEach(
        (cell, measured) ->
            accuracy.line(
                words(cell), apart, distances.stream().mapToDouble(measured::percent).toArray()));
    accuracy.reference(
        "guessing", new double[] {apart[0], apart[apart.length - 1]}, new double[] {50, 50});
    new Picture(accuracyTitle(), accuracy).write(beside(name, "-accuracy.svg"));
    for (boolean after : new boolean[] {false, true}) {
      var chart =
          new LineChart("steps before the verb", "norm of the gradient of the verb's loss")
              .logarithmicY();
      cells.forEach((cell, measured) -> add(chart, cell, measured.gradient(after)));
      new Picture(gradientTitle(after), chart).write(beside(name, "-" + when(after) + ".svg"));
    }
  }

  /** Returns where the axis of the accuracy begins: below guessing, which is 50. */
  private double lowest() {
    return cells.values().stream()
        .flatMapToDouble(cell -> distances.stream().mapToDouble(cell::percent))
        .reduce(40, Math::min);
  }

  private static void add(LineChart chart, String cell, double[] norms) {
    chart.line(words(cell), IntStream.range(0, norms.length).asDoubleStream().toArray(), norms);
  }

  private String accuracyTitle() {
    int longest = distances.getLast();
    String best = highest(cell -> cell.percent(longest));
    String worst = highest(cell -> -cell.percent(longest));
    String title =
        "At a distance of %d words, the %s gets the verb right in %s of the sentences"
            .formatted(longest, words(best), percent(best, longest));
    return best.equals(worst)
        ? title
        : title + ", the %s in %s".formatted(words(worst), percent(worst, longest));
  }

  private String percent(String cell, int distance) {
    return String.format(Locale.ROOT, "%.1f%%", measured(cell).percent(distance));
  }

  private String gradientTitle(boolean after) {
    String most = highest(cell -> -cell.arriving(after));
    return String.format(
        Locale.ROOT,
        "%s training, the gradient fades most in the %s: to %s within %d steps",
        after ? "After" : "Before",
        words(most),
        share(measured(most).arriving(after)),
        measured(most).gradient(after).length - 1);
  }

  private static String share(double share) {
    if (share == 0) {
      return "nothing";
    }
    return share > 0.01
        ? String.format(Locale.ROOT, "%.0f%%", 100 * share)
        : String.format(Locale.ROOT, "1 part in %,.0f", rounded(1 / share));
  }

  /** Returns a number with two digits other than zero. */
  private static double rounded(double number) {
    double unit = Math.pow(10, Math.floor(Math.log10(number)) - 1);
    return Math.rint(number / unit) * unit;
  }

  private Measured measured(String cell) {
    return Objects.requireNonNull(cells.get(cell));
  }

  private String highest(ToDoubleFunction<Measured> value) {
    return Collections.max(
        cells.keySet(), Comparator.comparingDouble(cell -> value.applyAsDouble(measured(cell))));
  }

  /** Returns what people call a cell. */
  private static String words(String cell) {
    return switch (cell) {
      case "rnn" -> "basic RNN";
      case "gru-simplified" -> "simplified GRU";
      case "gru", "lstm" -> cell.toUpperCase(Locale.ROOT);
      default -> cell;
    };
  }

  private static String when(boolean after) {
    return after ? "after" : "before";
  }

  private static Path beside(Path name, String end) {
    return name.resolveSibling(name.getFileName() + end);
  }
}
