package dev.unroll.cli.forecast;

import dev.unroll.cli.report.Charts;
import dev.unroll.file.InputException;
import dev.unroll.task.forecast.Forecast;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TimeAxis;
import java.awt.BasicStroke;
import java.awt.Color;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A drawing of a series with forecasts and their intervals. */
final class ForecastChart {

  private static final Color SERIES = new Color(0x44, 0x44, 0x44);
  private static final Color FORECAST = new Color(0xC0, 0x39, 0x2B);
  private static final Color INTERVAL = new Color(0xE6, 0xA2, 0x9A);

  private final SeriesTable.Read read;
  private final String name;
  private final Line guesses = new Line();
  private final List<Line> ends = List.of(new Line(), new Line());
  private boolean intervals;

  /** Points of a line; NaN where it is broken. */
  private static final class Line {
    private final List<Integer> rows = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();

    void add(int row, double value) {
      rows.add(row);
      values.add(value);
    }
  }

  /**
   * Begins a drawing.
   *
   * @param wanted the target that is drawn; null for the first
   */
  ForecastChart(Forecaster model, SeriesTable.Read read, @Nullable String wanted) {
    this.read = read;
    List<String> targets = model.forecasting().targets();
    name = wanted == null ? targets.getFirst() : wanted;
    if (!targets.contains(name)) {
      throw new InputException(
          "no target is called %s, among %s".formatted(wanted, targets), "Name one of them.");
    }
  }

  /** Adds a forecast. */
  void add(Forecast forecast) {
    int row = forecast.origin();
    for (Forecast.Row each : forecast) {
      Forecast.Value value = each.of(name);
      guesses.add(row, value.point());
      if (value.quantiles().size() > 1) {
        intervals = true;
        ends.get(0).add(row, value.low());
        ends.get(1).add(row, value.high());
      }
      row++;
    }
  }

  /** Writes the drawing, with the numbers of the rows from {@code from} up to {@code to}. */
  void write(int from, int to, Path file) {
    XYChart chart =
        Charts.empty(
            new Charts.Titles(
                "%s: %s".formatted(Path.of(read.series().name()).getFileName(), name), "", name));
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setDatePattern("yyyy-MM-dd");
    var own = new Line();
    for (int row = from; row < to; row++) {
      double value = read.series().rows()[row][read.series().column(name)];
      if (!Double.isNaN(value)) {
        own.add(row, value);
      }
    }
    draw(chart, "series", own, SERIES, 1.5f);
    if (intervals) {
      draw(chart, "interval, lower end", ends.get(0), INTERVAL, 1f);
      draw(chart, "interval, upper end", ends.get(1), INTERVAL, 1f);
    }
    draw(chart, "forecast", guesses, FORECAST, 1.5f);
    Charts.write(chart, file);
  }

  private void draw(XYChart chart, String label, Line line, Color color, float width) {
    if (line.rows.isEmpty()) {
      return;
    }
    TimeAxis axis = read.axis();
    List<?> places =
        axis == null
            ? line.rows
            : line.rows.stream()
                .map(row -> Date.from(axis.time(row).toInstant(ZoneOffset.UTC)))
                .toList();
    chart
        .addSeries(label, places, line.values)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(color)
        .setLineStyle(new BasicStroke(width));
  }
}
