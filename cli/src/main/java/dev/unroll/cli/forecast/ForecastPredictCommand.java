package dev.unroll.cli.forecast;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Digits;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.data.Series;
import dev.unroll.kernel.Workers;
import dev.unroll.task.forecast.Forecast;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.text.table.SeriesTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll forecast predict}: how a series continues. */
@Command(
    name = "predict",
    description = "Prints how a series continues after its last row, as CSV.",
    footer = {
      "",
      "A model with known columns reads them in the rows to come: let the file go on with rows whose",
      "targets are empty. The calendar needs no rows. A model that reads no rows before (--context 0)",
      "forecasts all such rows.",
      "Example:  unroll forecast predict load.safetensors load.csv --plot load.svg",
    })
final class ForecastPredictCommand extends UnrollCommand {

  @Mixin SeriesInput input = new SeriesInput();
  @Mixin SeriesOptions reading = new SeriesOptions();
  @Mixin IntervalOption intervals = new IntervalOption();

  @Mixin ChartOptions drawing = new ChartOptions();
  @Mixin JsonOption json = new JsonOption();
  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    drawing.check(input.files());
    Forecaster forecaster = Forecaster.open(input.model);
    SeriesTable table = reading.table(forecaster, input.series);
    table = table.rows(reading.range().first(table), table.size());
    var forecasting = forecaster.forecasting();
    int horizon = forecasting.window().horizon();
    var read =
        table.series(
            SeriesOptions.columns(forecaster),
            SeriesOptions.calendar(forecaster),
            reading.gaps(forecaster),
            Stream.concat(forecasting.targets().stream(), forecasting.observed().stream()).toList(),
            horizon);
    int origin = origin(read.series(), forecasting.targets());
    int[] origins = {origin};
    int open = read.series().size() - horizon - origin;
    if (forecasting.window().context() == 0 && open > 0) { // all of them: none depends on another
      origins =
          IntStream.range(0, Math.ceilDiv(open, horizon)).map(i -> origin + i * horizon).toArray();
    }
    read.label(origins[origins.length - 1] + horizon - 1); // a time that cannot be told is refused
    var chart = drawing.chart(forecaster, read);
    List<Double> levels = intervals.levels(forecaster);
    List<Forecast> found;
    try (Workers workers = threads.workers()) {
      found = forecaster.forecast(read.series(), origins, levels, workers);
    }
    if (!json.asked()) {
      printHeader(forecaster, read, levels);
    }
    for (int i = 0; i < origins.length; i++) {
      if (json.asked()) {
        printJson(forecaster, read, origins[i], found.get(i));
      } else {
        print(forecaster, read, origins[i], found.get(i));
      }
      chart.add(origins[i], found.get(i));
    }
    int from = Math.max(0, origin - Math.max(3 * horizon, forecasting.window().context()));
    drawing.write(chart, from, origin, err());
    return 0;
  }

  /** The first row of which a target is not known. */
  private static int origin(Series series, List<String> targets) {
    int[] columns = targets.stream().mapToInt(series::column).toArray();
    for (int row = 0; row < series.size(); row++) {
      for (int column : columns) {
        if (Double.isNaN(series.rows()[row][column])) {
          return row;
        }
      }
    }
    return series.size();
  }

  private void printHeader(Forecaster forecaster, SeriesTable.Read read, List<Double> levels) {
    var header = new ArrayList<String>();
    header.add(read.axis() == null ? "row" : "time");
    for (String target : forecaster.forecasting().targets()) {
      header.add(target);
      for (double level : levels) {
        header.add(String.format(Locale.ROOT, "%s %s%%", target, Digits.of(100 * level)));
      }
    }
    out().println(CSVFormat.RFC4180.format(header.toArray()));
  }

  private void print(Forecaster forecaster, SeriesTable.Read read, int origin, Forecast found) {
    PrintWriter out = out();
    for (int row = 0; row < found.points().length; row++) {
      var fields = new ArrayList<String>();
      fields.add(read.label(origin + row));
      for (int target = 0; target < found.points()[row].length; target++) {
        double usual = forecaster.scaling().deviations().get(target);
        double own = spread(found.points(), target);
        fields.add(Digits.of(found.points()[row][target], usual, own));
        for (double[][] quantiles : found.quantiles()) {
          fields.add(Digits.of(quantiles[row][target], usual, own));
        }
      }
      out.println(CSVFormat.RFC4180.format(fields.toArray()));
    }
  }

  /** Returns how far the numbers of a target lie apart. */
  private static double spread(double[][] points, int target) {
    var numbers = Arrays.stream(points).mapToDouble(row -> row[target]).summaryStatistics();
    return numbers.getMax() - numbers.getMin();
  }

  private void printJson(Forecaster forecaster, SeriesTable.Read read, int origin, Forecast found) {
    List<String> targets = forecaster.forecasting().targets();
    for (int row = 0; row < found.points().length; row++) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put(read.axis() == null ? "row" : "time", read.label(origin + row));
      for (int target = 0; target < targets.size(); target++) {
        var of = new LinkedHashMap<String, Object>();
        of.put("forecast", found.points()[row][target]);
        var quantiles = new LinkedHashMap<String, Object>();
        for (int level = 0; level < found.levels().size(); level++) {
          quantiles.put("" + found.levels().get(level), found.quantiles()[level][row][target]);
        }
        of.put("quantiles", quantiles);
        fields.put(targets.get(target), of);
      }
      JsonLine.print(out(), fields);
    }
  }
}
