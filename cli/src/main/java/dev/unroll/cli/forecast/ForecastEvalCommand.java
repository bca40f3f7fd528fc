package dev.unroll.cli.forecast;

import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.ForecastScore;
import dev.unroll.task.forecast.Backtest;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.text.table.SeriesTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll forecast eval}: how good forecasts are, from many origins. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Forecasts from many rows of a series, each time from what was known then, and measures: MAE, RMSE,"
            + " sMAPE, MASE, coverage, by horizon, next to the seasonal-naive forecast.",
    footer = {
      "",
      "MASE: mean absolute error in units of the seasonal-naive forecast's on the training part. With",
      "--rows, the rows before the first are read and not measured.",
      "Example:  unroll forecast eval load.safetensors load.csv --rows 80%%.. --plot load.svg",
    })
public final class ForecastEvalCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model of forecast train.")
  Path model = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "A series, as for training.")
  Path file = Path.of("");

  @Mixin SeriesOptions reading = new SeriesOptions();

  @Option(
      names = "--stride",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rows between two origins. Default: ${DEFAULT-VALUE}.")
  int stride = 1;

  @Mixin IntervalOption intervals = new IntervalOption();

  @Option(
      names = "--at",
      paramLabel = "ROW",
      split = ",",
      description = "Rows of the horizon that have a line of their own. Default: up to nine.")
  List<Integer> at = List.of();

  @Option(names = "--json", description = "Print JSON, for machines.")
  boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Draw the series with forecasts from origins a horizon apart, and their intervals, as SVG.")
  @Nullable Path plot;

  @Option(
      names = "--plot-target",
      paramLabel = "COLUMN",
      description = "The target that is drawn. Default: the first.")
  @Nullable String plotTarget;

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    Path picture = plot;
    if (picture != null) {
      OutputFile.checkPlace(picture, List.of(model, file));
    }
    Forecaster forecaster = Forecaster.open(model);
    SeriesTable table = reading.table(forecaster, file);
    var read =
        table.series(
            SeriesOptions.columns(forecaster),
            SeriesOptions.calendar(forecaster),
            reading.gaps(forecaster));
    int first = read.places()[reading.range().first(table)];
    List<Double> levels = intervals.levels(forecaster);
    List<Integer> shown = rowsShown(forecaster.forecasting().window().horizon());
    var chart = new ForecastChart(forecaster, read, plotTarget);
    try (Workers workers = threads.workers()) {
      var score = Backtest.of(forecaster, read.series(), first, stride, levels, workers);
      if (json) {
        printJson(forecaster, score);
      } else {
        print(forecaster, read, first, score, shown);
      }
      if (picture != null) {
        int begin = Math.max(first, forecaster.forecasting().window().context());
        int[] origins = origins(begin, read.series().size(), forecaster);
        var found = forecaster.forecast(read.series(), origins, levels, workers);
        for (int i = 0; i < origins.length; i++) {
          chart.add(origins[i], found.get(i));
        }
        int from = begin - forecaster.forecasting().window().context();
        chart.write(from, read.series().size(), picture);
        spec.commandLine().getErr().println("drawn: " + picture);
      }
    }
    return 0;
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

  private void print(
      Forecaster forecaster,
      SeriesTable.Read read,
      int first,
      ForecastScore score,
      List<Integer> shown) {
    PrintWriter out = spec.commandLine().getOut();
    int horizon = forecaster.forecasting().window().horizon();
    out.println(
        "%,d rows from %s to %s; %,d origins, horizon %,d, season %,d"
            .formatted(
                read.series().size() - first,
                read.label(first),
                read.label(read.series().size() - 1),
                score.origins(),
                horizon,
                forecaster.season()));
    out.println();
    String covers = intervals.title(forecaster);
    out.println(
        "%-12s %12s %12s %9s %8s  %12s %8s%s"
            .formatted("horizon", "MAE", "RMSE", "sMAPE", "MASE", "naive MAE", "MASE", covers));
    for (int row : shown) {
      line(out, Integer.toString(row), score.measures(row - 1, row), score.naive(row - 1, row));
    }
    line(out, "all", score.measures(0, horizon), score.naive(0, horizon));
    List<String> targets = forecaster.forecasting().targets();
    for (int target = 0; targets.size() > 1 && target < targets.size(); target++) {
      line(out, targets.get(target), score.ofTarget(target), score.naiveOfTarget(target));
    }
    ForecastScore.Measures last = score.last(0, horizon);
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "mean squared error of standardised numbers  %.4f   (seasonal naive %.4f, last number %.4f)",
            score.measures(0, horizon).standardized(),
            score.naive(0, horizon).standardized(),
            last.standardized()));
    out.println(
        String.format(
            Locale.ROOT,
            "the last number again: MAE %.4f, RMSE %.4f, MASE %.3f",
            last.mae(),
            last.rmse(),
            last.mase()));
  }

  private static void line(
      PrintWriter out, String name, ForecastScore.Measures own, ForecastScore.Measures naive) {
    String coverage =
        Double.isNaN(own.coverage())
            ? ""
            : String.format(Locale.ROOT, "  %8.1f%% %12.4g", 100 * own.coverage(), own.width());
    out.println(
        String.format(
            Locale.ROOT,
            "%-12s %12.4f %12.4f %8.2f%% %8.3f  %12.4f %8.3f%s",
            name,
            own.mae(),
            own.rmse(),
            own.smape(),
            own.mase(),
            naive.mae(),
            naive.mase(),
            coverage));
  }

  private void printJson(Forecaster forecaster, ForecastScore score) {
    int horizon = forecaster.forecasting().window().horizon();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("origins", score.origins());
    fields.put("season", forecaster.season());
    fields.put("all", fields(score.measures(0, horizon)));
    fields.put("seasonalNaive", fields(score.naive(0, horizon)));
    fields.put("lastNumber", fields(score.last(0, horizon)));
    var rows = new ArrayList<Object>();
    for (int row = 0; row < horizon; row++) {
      rows.add(
          Map.of(
              "row", row + 1,
              "forecast", fields(score.measures(row, row + 1)),
              "seasonalNaive", fields(score.naive(row, row + 1))));
    }
    fields.put("byHorizon", rows);
    var targets = new LinkedHashMap<String, Object>();
    List<String> names = forecaster.forecasting().targets();
    for (int target = 0; target < names.size(); target++) {
      targets.put(
          names.get(target),
          Map.of(
              "forecast", fields(score.ofTarget(target)),
              "seasonalNaive", fields(score.naiveOfTarget(target))));
    }
    fields.put("byTarget", targets);
    JsonLine.print(spec.commandLine().getOut(), fields);
  }

  private static Map<String, Object> fields(ForecastScore.Measures measures) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("mae", measures.mae());
    fields.put("rmse", measures.rmse());
    fields.put("smape", measures.smape());
    fields.put("mase", Double.isNaN(measures.mase()) ? null : measures.mase());
    fields.put("standardizedSquaredError", measures.standardized());
    if (!Double.isNaN(measures.coverage())) {
      fields.put("coverage", measures.coverage());
      fields.put("intervalWidth", measures.width());
    }
    return fields;
  }

  /** The origins that are drawn: a horizon apart, so that no forecasts lie on each other. */
  private static int[] origins(int begin, int rows, Forecaster forecaster) {
    int horizon = forecaster.forecasting().window().horizon();
    return IntStream.iterate(begin, origin -> origin + horizon <= rows, origin -> origin + horizon)
        .toArray();
  }
}
