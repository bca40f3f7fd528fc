package dev.unroll.cli.forecast;

import dev.unroll.ForecasterTrainer;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.text.table.Calendar;
import dev.unroll.text.table.Gaps;
import dev.unroll.text.table.SeriesReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which columns and rows of a series a network is trained on, and what each of them is. */
@KeptInModel
final class ColumnOptions {

  private static final String ALL = "all";

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      description =
          "The column of times (1949, 1949-01, 1949-01-31 or 1949-01-31 23:59:59), or none where the rows"
              + " have no times and are a step apart. Default: the first.")
  @Nullable String time;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns that are forecast, or all for those that are named nowhere else. Default: the last.")
  List<String> wanted = List.of();

  @Option(
      names = "--observed",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose past is read too, but which are not forecast.")
  List<String> observed = List.of();

  @Option(
      names = "--known",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose future is known, such as a price or a holiday.")
  List<String> known = List.of();

  @Option(
      names = "--calendar",
      paramLabel = "PART",
      split = ",",
      description =
          "Known columns that are made of the time: hour, weekday, day, month, yearday (several with commas).")
  List<String> calendar = List.of();

  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      description =
          "What becomes of rows and numbers that are missing: refuse names the first, fill takes a straight"
              + " line, skip takes rows as they come. Weekends and the like are not missing where rows never"
              + " have them. Default: refuse.")
  @Nullable String gaps;

  @Option(
      names = "--rows",
      paramLabel = "FROM..TO",
      defaultValue = "..",
      description = RowRange.DESCRIPTION + ": what is trained and chosen with. Default: all.")
  String rows = "..";

  /** Chooses the columns. */
  void shape(ForecasterTrainer trainer) {
    if (wanted.equals(List.of(ALL))) {
      trainer.allTargets();
    } else {
      trainer.target(wanted.toArray(String[]::new));
    }
    trainer
        .observed(observed.toArray(String[]::new))
        .known(known.toArray(String[]::new))
        .calendar(SeriesOptions.calendar(calendar).toArray(Calendar[]::new));
  }

  /** Chooses the rows, and how they are read. */
  void data(ForecasterTrainer trainer) {
    RowRange range = RowRange.of(rows);
    trainer.rows(table -> table.rows(range.first(table), range.end(table)));
    if (time != null) {
      trainer.time(time);
    }
    if (gaps != null) {
      trainer.gaps(Gaps.of(gaps));
    }
  }

  /** Puts what a model has of these options into a map, by their names. */
  static void describe(Forecaster model, Map<String, Object> shape) {
    ForecastSpec own = model.forecasting();
    List<Calendar> parts = SeriesReading.of(model.provenance()).calendar();
    var known = new ArrayList<>(own.known());
    known.removeAll(Calendar.columns(parts));
    shape.put("--target", own.targets());
    shape.put("--observed", own.observed());
    shape.put("--known", known);
    shape.put("--calendar", parts.stream().map(Calendar::label).toList());
  }
}
