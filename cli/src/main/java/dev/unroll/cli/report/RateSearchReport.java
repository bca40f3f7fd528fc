package dev.unroll.cli.report;

import dev.unroll.train.RateSearch;
import dev.unroll.train.RateSearch.Point;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What a search for the learning rate found, as a table and as a chart. */
public final class RateSearchReport {

  /** Rows of the table. */
  private static final int ROWS = 20;

  private RateSearchReport() {}

  public static void print(
      RateSearch search, Progress.Targets targets, PrintWriter out, @Nullable Path plot) {
    List<Point> points = search.points();
    String unit = (targets == Progress.Targets.NUMBERS ? "per " : "nats per ") + targets.one();
    out.println("      rate   loss, " + unit + " (mean of the last steps)");
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
            Double.toString(search.suggestion())));
    if (plot != null) {
      draw(points, unit, plot);
    }
  }

  private static void draw(List<Point> points, String unit, Path file) {
    XYChart chart =
        Charts.empty(
            new Charts.Titles("Loss while the learning rate grows", "learning rate", unit));
    chart.getStyler().setXAxisLogarithmic(true);
    double[] rates = points.stream().mapToDouble(Point::rate).toArray();
    chart
        .addSeries("each step", rates, points.stream().mapToDouble(Point::loss).toArray())
        .setMarker(SeriesMarkers.NONE);
    chart
        .addSeries("mean", rates, points.stream().mapToDouble(Point::mean).toArray())
        .setMarker(SeriesMarkers.NONE);
    Charts.write(chart, file);
  }
}
