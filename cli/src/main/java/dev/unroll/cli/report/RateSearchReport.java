package dev.unroll.cli.report;

import dev.unroll.cli.chart.LineChart;
import dev.unroll.cli.chart.Picture;
import dev.unroll.learn.RateSearch;
import dev.unroll.learn.RateSearch.Point;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a search for the learning rate found, as a table and as a chart. */
public final class RateSearchReport {

  /** Rows of the table. */
  private static final int ROWS = 20;

  private RateSearchReport() {}

  public static void print(
      RateSearch search, Progress.Targets targets, PrintWriter out, @Nullable Path plot) {
    List<Point> points = search.points();
    String loss = targets.loss();
    out.println("      rate   " + loss + " (mean of the last steps)");
    int every = Math.max(1, points.size() / ROWS);
    for (int i = every - 1; i < points.size(); i += every) {
      Point point = points.get(i);
      out.println(String.format(Locale.ROOT, "%10.2e   %.4f", point.rate(), point.mean()));
    }
    out.println(
        String.format(
            Locale.ROOT,
            "Lowest at %.2e, falling fastest at %.2e. Try --rate %s, a tenth of the lowest.",
            search.least().rate(),
            search.steepest().rate(),
            Digits.of(search.suggestion())));
    if (plot != null) {
      draw(search, loss, plot);
    }
  }

  /** Draws the losses up to where they have grown a good deal above where they began. */
  private static void draw(RateSearch search, String loss, Path file) {
    List<Point> points = search.points();
    double[] rates = points.stream().mapToDouble(Point::rate).toArray();
    double[] means = points.stream().mapToDouble(Point::mean).toArray();
    double first = means[0];
    double least = search.least().mean();
    double margin = Math.max(first - least, Math.abs(first) / 10);
    double[] losses = points.stream().mapToDouble(Point::loss).toArray();
    double suggestion = search.suggestion();
    var chart =
        new LineChart("learning rate", loss)
            .logarithmicX()
            .rangeY(least - 0.3 * margin, first + 0.7 * margin)
            .measured("each step", rates, losses)
            .line("mean of the last steps", rates, means)
            .point("lowest", search.least().rate(), least)
            .point("begin with " + Digits.of(suggestion), suggestion, meanAt(points, suggestion));
    String title =
        String.format(
            Locale.ROOT,
            "The loss is lowest at a learning rate of %s; a tenth of that is a good one to begin with",
            new BigDecimal(search.least().rate()).round(new MathContext(2)).toPlainString());
    new Picture(title, chart).write(file);
  }

  private static double meanAt(List<Point> points, double rate) {
    return points.stream()
        .filter(point -> point.rate() >= rate)
        .findFirst()
        .orElse(points.getLast())
        .mean();
  }
}
