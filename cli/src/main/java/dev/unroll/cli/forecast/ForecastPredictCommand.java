package dev.unroll.cli.forecast;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.SeriesFormat;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Digits;
import dev.unroll.cli.report.Form;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.file.Json;
import dev.unroll.model.Forecaster;
import dev.unroll.result.Forecast;
import dev.unroll.text.table.SeriesTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll forecast predict}: how a series continues. */
@Command(
    name = "predict",
    description = "Prints how a series continues after its last row, as CSV.",
    footer = {
      "",
      "A model with known columns needs their future values: let the file continue with rows whose",
      "targets are empty. The calendar needs no rows. A model without context (--context 0)",
      "forecasts all such rows. If there are several series, each is forecast and the first is drawn.",
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
    List<RowRange.Part> parts = reading.parts(forecaster, input.series, err());
    List<Double> levels = intervals.levels(forecaster);
    boolean first = true;
    for (RowRange.Part part : parts) {
      SeriesTable.Read read;
      Forecast found;
      try (Workers workers = threads.workers()) {
        read = read(forecaster, part.rows());
        drawing.chart(forecaster, read); // refused before the work, not after it
        found = forecaster.forecast(read, levels, workers);
      } catch (InputException e) {
        if (parts.size() == 1) {
          throw e;
        }
        err().println("left out: " + e.problem());
        continue;
      }
      print(forecaster, part.table(), read, found, first ? levels : null);
      if (first) {
        draw(forecaster, read, found);
      }
      first = false;
    }
    if (first) {
      throw new InputException(
          input.series + ": no series can be forecast",
          "The lines above say why, for each of them.");
    }
    return 0;
  }

  private SeriesTable.Read read(Forecaster forecaster, SeriesTable table) {
    var forecasting = forecaster.forecasting();
    return reading
        .reading(forecaster)
        .series(
            table,
            new SeriesFormat.Wanted(
                forecaster.provenance(),
                forecasting.columns(),
                forecasting.past(),
                forecasting.window().horizon()));
  }

  /** Prints a forecast, after a header where levels are given. */
  private void print(
      Forecaster forecaster,
      SeriesTable table,
      SeriesTable.Read read,
      Forecast found,
      @Nullable List<Double> header) {
    String series = table.name();
    if (json.form() == Form.JSON) { // the text is a table
      found.forEach(row -> printJson(series, read, row));
      return;
    }
    if (header != null) {
      printHeader(forecaster, series, read, header);
    }
    print(forecaster, table, found);
  }

  private void draw(Forecaster forecaster, SeriesTable.Read read, Forecast found) {
    var chart = drawing.chart(forecaster, read);
    chart.add(found);
    var window = forecaster.forecasting().window();
    int origin = Math.toIntExact(found.origin());
    int from = Math.max(0, origin - Math.max(3 * window.horizon(), window.context()));
    drawing.write(chart, from, origin, err());
  }

  private void printHeader(
      Forecaster forecaster, String series, SeriesTable.Read read, List<Double> levels) {
    var header = new ArrayList<String>();
    if (!series.isEmpty()) {
      header.add("series");
    }
    header.add(read.axis() == null ? "row" : "time");
    for (String target : forecaster.forecasting().targets()) {
      header.add(target);
      for (double level : levels) {
        header.add(String.format(Locale.ROOT, "%s %s%%", target, Digits.of(100 * level)));
      }
    }
    out().println(CSVFormat.RFC4180.format(header.toArray()));
  }

  private void print(Forecaster forecaster, SeriesTable table, Forecast found) {
    PrintWriter out = out();
    String series = table.name();
    var decimals = found.targets().stream().map(table::decimals).toList();
    List<Double> deviations = forecaster.scaling().deviations();
    var spreads = found.targets().stream().map(target -> spread(found.points(target))).toList();
    for (Forecast.Row row : found) {
      var fields = new ArrayList<String>();
      if (!series.isEmpty()) {
        fields.add(series);
      }
      fields.add(row.time());
      int target = 0;
      for (Forecast.Value value : row.values().values()) {
        double usual = deviations.get(target);
        double own = spreads.get(target);
        int like = decimals.get(target++);
        fields.add(Digits.like(like, value.point(), usual, own));
        value.quantiles().values().forEach(each -> fields.add(Digits.like(like, each, usual, own)));
      }
      out.println(CSVFormat.RFC4180.format(fields.toArray()));
    }
  }

  /** Returns how far numbers lie apart. */
  private static double spread(List<Double> numbers) {
    return Collections.max(numbers) - Collections.min(numbers);
  }

  private void printJson(String series, SeriesTable.Read read, Forecast.Row row) {
    var fields = new LinkedHashMap<String, Object>();
    if (!series.isEmpty()) {
      fields.put("series", series);
    }
    fields.put(read.axis() == null ? "row" : "time", row.time());
    row.values()
        .forEach(
            (target, value) -> {
              var quantiles = new LinkedHashMap<String, Object>();
              value.quantiles().forEach((level, number) -> quantiles.put("" + level, number));
              fields.put(target, Json.object("forecast", value.point(), "quantiles", quantiles));
            });
    JsonLine.print(out(), fields);
  }
}
