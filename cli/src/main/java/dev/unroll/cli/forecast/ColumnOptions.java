package dev.unroll.cli.forecast;

import dev.unroll.ForecasterTrainer;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.model.Forecaster;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import dev.unroll.text.table.ForecastData;
import dev.unroll.text.table.SeriesForm;
import dev.unroll.text.table.SeriesReading;
import dev.unroll.text.table.SeriesTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which columns and rows of a series a network is trained on, and what each of them is. */
@KeptInModel
final class ColumnOptions {

  private static final String ALL = "all";

  private static final String NONE = "none";

  @Mixin FormOptions form = new FormOptions();

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns to forecast; all for every column that no other option names. Default: the"
              + " last column of numbers.")
  List<String> wanted = List.of();

  @Option(
      names = "--observed",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns that are read in the past, but not forecast.")
  List<String> observed = List.of();

  @Option(
      names = "--known",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose future is known, such as a price or a holiday.")
  List<String> known = List.of();

  @Option(
      names = "--static",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns that describe a series and are the same in all its rows: numbers, or"
              + " categories such as a region.")
  List<String> statics = List.of();

  @Option(
      names = "--calendar",
      paramLabel = "PART",
      split = ",",
      description =
          "Calendar features: hour, weekday, day, month, yearday, business (Monday to Friday"
              + " without --holidays), holiday (several with commas), or none. Default: those that"
              + " explain the series, found from the data.")
  List<String> calendar = List.of();

  @Option(
      names = "--holidays",
      paramLabel = "FILE",
      description =
          "File of holidays, which become a known column: one day per line, optionally with a"
              + " name after a comma. The model keeps them, future ones too.")
  @Nullable Path holidays;

  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      description =
          "What to do with missing rows and numbers: refuse (names the first), fill"
              + " (interpolates), mask (shows the network which are missing and leaves them out of"
              + " the loss) or skip (takes rows as they come). Weekends and the like do not count"
              + " as missing if rows never have them. Default: fill up to one in twenty, refuse"
              + " more.")
  @Nullable String gaps;

  @Option(
      names = "--rows",
      paramLabel = "FROM..TO",
      defaultValue = "..",
      description = RowRange.DESCRIPTION + ". They include the validation part. Default: all.")
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
        .statics(statics.toArray(String[]::new));
    if (!calendar.isEmpty()) {
      trainer.calendar(calendar());
    }
  }

  private Calendar[] calendar() {
    return calendar.equals(List.of(NONE))
        ? new Calendar[0]
        : calendar.stream().map(Calendar::of).toArray(Calendar[]::new);
  }

  /** Returns the rows that are asked for. */
  RowRange range() {
    return RowRange.of(rows);
  }

  /** Chooses the rows, and how they are read. */
  void data(ForecasterTrainer trainer) {
    RowRange range = range();
    trainer.rows(table -> range.of(table).rows());
    form.choose(trainer);
    if (holidays != null) {
      trainer.holidays(SeriesForm.holidays(holidays));
    }
    if (gaps != null) {
      trainer.gaps(Gaps.of(gaps));
    }
  }

  /** Puts what a model has of these options into a map, by their names. */
  void describe(Forecaster model, Map<String, Object> shape) {
    ForecastSpec own = model.forecasting();
    List<Calendar> parts = SeriesReading.of(model.provenance()).calendar();
    var known = new ArrayList<>(own.known());
    known.removeAll(Calendar.columns(parts));
    var asked = List.of(calendar());
    var said = new ArrayList<>(parts);
    if (holidays != null && !asked.contains(Calendar.HOLIDAY)) {
      said.remove(Calendar.HOLIDAY); // --holidays adds it
    }
    if (asked.containsAll(said)) { // in any order, with those that training left out
      said.addAll(ForecastData.leftOut(model.provenance()));
      said = new ArrayList<>(asked.stream().filter(said::contains).toList());
    }
    var fixed = own.observed().stream().map(SeriesTable::origin).distinct().toList();
    shape.put("--target", own.targets());
    shape.put("--observed", fixed.stream().filter(each -> !isStatic(each, own)).toList());
    shape.put("--static", fixed.stream().filter(each -> isStatic(each, own)).toList());
    shape.put("--known", known);
    shape.put("--calendar", said.stream().map(Calendar::label).toList());
  }

  /** A static column of numbers is one of the observed: it is what the user calls it. */
  private boolean isStatic(String column, ForecastSpec model) {
    return statics.contains(column) || !model.observed().contains(column);
  }
}
