package dev.unroll.cli.forecast;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.report.Report;
import dev.unroll.model.Backtest;
import dev.unroll.model.Forecaster;
import dev.unroll.result.ForecastScore;
import dev.unroll.text.table.SeriesTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll forecast eval}: how good forecasts are, from many origins. */
@Command(
    name = "eval",
    description =
        "Evaluates forecasts from many rows of a series, using only what was known then: MAE, RMSE,"
            + " sMAPE, MASE and coverage by horizon, next to the seasonal-naive forecast.",
    footer = {
      "",
      "MASE: mean absolute error divided by that of the seasonal-naive forecast on the training"
          + " part.",
      "With --rows, the rows before the first are read as context only.",
      "Example:  unroll forecast eval load.safetensors load.csv --rows 80%%.. --plot load.svg",
    })
final class ForecastEvalCommand extends EvalCommand<Forecaster, Report> {

  @Mixin SeriesInput input = new SeriesInput();
  @Mixin SeriesOptions reading = new SeriesOptions();

  @Option(
      names = "--stride",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rows between two forecasts. Default: ${DEFAULT-VALUE}.")
  int stride = 1;

  @Mixin IntervalOption intervals = new IntervalOption();

  @Option(
      names = "--at",
      paramLabel = "ROW",
      split = ",",
      description = "Rows of the horizon that are printed, one line each. Default: up to nine.")
  List<Integer> at = List.of();

  @Mixin ChartOptions drawing = new ChartOptions();

  @Override
  protected void check() {
    drawing.check(input.files());
  }

  @Override
  protected Forecaster open() {
    return Forecaster.open(input.model);
  }

  @Override
  protected Report measure(Forecaster forecaster, Workers workers) {
    List<RowRange.Part> parts = reading.parts(forecaster, input.series, err());
    return parts.size() == 1
        ? measure(forecaster, parts.getFirst(), workers)
        : measure(forecaster, parts, workers);
  }

  private Report measure(Forecaster forecaster, List<RowRange.Part> parts, Workers workers) {
    var scores = new LinkedHashMap<String, ForecastScore>();
    for (RowRange.Part part : parts) {
      try {
        var read = read(forecaster, part);
        int first = read.places()[part.first()];
        scores.put(
            part.table().name(), Backtest.ofOne(forecaster, read.series(), first, stride, workers));
      } catch (InputException e) {
        err().println("left out: " + e.problem());
      }
    }
    if (scores.isEmpty()) {
      throw new InputException(
          input.series + ": no series can be measured",
          "The lines above say why, for each of them.");
    }
    int horizon = forecaster.forecasting().window().horizon();
    return new SeriesReport(horizon, forecaster.season(), scores);
  }

  private ForecastReport measure(Forecaster forecaster, RowRange.Part part, Workers workers) {
    var read = read(forecaster, part);
    int first = read.places()[part.first()];
    List<Double> levels = intervals.levels(forecaster);
    List<Integer> shown = rowsShown(forecaster.forecasting().window().horizon());
    drawing.chart(forecaster, read); // refused before the work, not after it
    var score = Backtest.of(forecaster, read.series(), first, stride, levels, workers);
    return new ForecastReport(forecaster, read, first, score, shown, intervals.title(forecaster));
  }

  private SeriesTable.Read read(Forecaster forecaster, RowRange.Part part) {
    return reading.reading(forecaster).series(part.table(), forecaster.forecasting().columns());
  }

  private List<Integer> rowsShown(int horizon) {
    if (!at.isEmpty()) {
      for (int row : at) {
        if (row < 1 || row > horizon) {
          throw new InputException(
              "--at names row %d of a horizon of %d".formatted(row, horizon),
              "Name rows from 1 to the horizon.");
        }
      }
      return at;
    }
    var rows = new ArrayList<Integer>();
    int step = Math.max(1, (horizon + 7) / 8);
    if (step > 1) {
      rows.add(1);
    }
    for (int row = step; row <= horizon; row += step) {
      rows.add(row);
    }
    return rows;
  }

  /** Draws forecasts a horizon apart, so that none lies on another. */
  @Override
  protected void finish(Forecaster forecaster, Report any, Workers workers) {
    if (!drawing.asked() || !(any instanceof ForecastReport report)) {
      return;
    }
    int context = forecaster.forecasting().window().context();
    int horizon = forecaster.forecasting().window().horizon();
    int rows = report.read().series().size();
    int begin = Math.max(report.first(), context);
    List<Integer> origins =
        IntStream.iterate(begin, origin -> origin + horizon <= rows, origin -> origin + horizon)
            .boxed()
            .toList();
    var chart = drawing.chart(forecaster, report.read());
    forecaster
        .forecast(report.read(), origins, intervals.levels(forecaster), workers)
        .forEach(chart::add);
    drawing.write(chart, begin - context, rows, err());
  }
}
