package dev.unroll.cli.forecast;

import dev.unroll.base.InputException;
import dev.unroll.cli.chart.LineChart;
import dev.unroll.cli.chart.Picture;
import dev.unroll.model.Forecaster;
import dev.unroll.result.Forecast;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TimeAxis;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A drawing of a series with forecasts and their intervals. */
final class ForecastChart {

  private final SeriesTable.Read read;
  private final String name;
  private final List<Forecast> forecasts = new ArrayList<>();

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
    forecasts.add(forecast);
  }

  /** Writes the drawing, with the numbers of the rows from {@code from} up to {@code to}. */
  void write(int from, int to, Path file) {
    boolean timed = read.axis() != null;
    var chart = new LineChart(timed ? "time" : "row", name);
    if (timed) {
      chart.times();
    }
    for (Forecast forecast : forecasts) {
      addInterval(chart, forecast);
    }
    chart.measured("measured", places(from, to), values(from, to));
    addGuesses(chart);
    new Picture(title(), chart).write(file);
  }

  /** Returns such as {@code sales of shop.csv: forecasts of 12 rows, with 80% intervals}. */
  private String title() {
    String series = "%s of %s".formatted(name, Path.of(read.series().name()).getFileName());
    if (forecasts.isEmpty()) {
      return series;
    }
    int rows = forecasts.getFirst().rows().size();
    String what =
        forecasts.size() == 1 ? "a forecast" : "%,d forecasts".formatted(forecasts.size());
    String length = rows == 1 ? "one row" : "%,d rows".formatted(rows);
    String title = "%s: %s of %s".formatted(series, what, length);
    Forecast.Value first = forecasts.getFirst().rows().getFirst().of(name);
    return hasInterval(first) ? title + "; shaded: %s interval".formatted(interval(first)) : title;
  }

  private static boolean hasInterval(Forecast.Value value) {
    return value.quantiles().size() > 1;
  }

  /** Returns how often the true number lies between the lowest and the highest quantile. */
  private static String interval(Forecast.Value value) {
    List<Double> levels = List.copyOf(value.quantiles().keySet());
    double percent = 100 * (levels.getLast() - levels.getFirst());
    boolean whole = Math.abs(percent - Math.rint(percent)) < 1e-9;
    return String.format(Locale.ROOT, whole ? "%.0f%%" : "%.1f%%", percent);
  }

  private void addInterval(LineChart chart, Forecast forecast) {
    List<Forecast.Value> rows = forecast.rows().stream().map(row -> row.of(name)).toList();
    if (rows.stream().allMatch(ForecastChart::hasInterval)) {
      chart.band(
          places(forecast),
          rows.stream().mapToDouble(Forecast.Value::low).toArray(),
          rows.stream().mapToDouble(Forecast.Value::high).toArray());
    }
  }

  /** Adds the forecasts as one line, broken between them. */
  private void addGuesses(LineChart chart) {
    var places = DoubleStream.builder();
    var values = DoubleStream.builder();
    for (Forecast forecast : forecasts) {
      Arrays.stream(places(forecast)).forEach(places);
      forecast.forEach(row -> values.add(row.of(name).point()));
      places.add(Double.NaN);
      values.add(Double.NaN);
    }
    chart.line("forecast", places.build().toArray(), values.build().toArray());
  }

  private double[] places(Forecast forecast) {
    int origin = Math.toIntExact(forecast.origin());
    return places(origin, origin + forecast.rows().size());
  }

  private double[] places(int from, int to) {
    TimeAxis axis = read.axis();
    return IntStream.range(from, to)
        .mapToDouble(
            row -> axis == null ? row : axis.time(row).toInstant(ZoneOffset.UTC).toEpochMilli())
        .toArray();
  }

  private double[] values(int from, int to) {
    int column = read.series().column(name);
    return IntStream.range(from, to)
        .mapToDouble(row -> read.series().rows()[row][column])
        .toArray();
  }
}
