package dev.unroll.cli.forecast;

import dev.unroll.cli.option.ModelSays;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.text.table.Calendar;
import dev.unroll.text.table.Gaps;
import dev.unroll.text.table.SeriesTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model's series are read again: as for its training, where nothing else is said. */
final class SeriesOptions {

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      description = "The time's column, or none. Default: as for training.")
  @Nullable String time;

  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      description =
          "What becomes of rows and numbers that are missing: refuse, fill (by a straight line) or skip."
              + " Default: as for training.")
  @Nullable String gaps;

  @Option(
      names = "--rows",
      paramLabel = "FROM..TO",
      defaultValue = "..",
      description = RowRange.DESCRIPTION + ". Default: all.")
  String rows = "..";

  /** What a model says of its series. */
  private static @Nullable String kept(Forecaster model, String name) {
    String text = model.provenance().text(name);
    return text.isEmpty() ? null : text;
  }

  /** Returns the calendar that a model reads. */
  static List<Calendar> calendar(Forecaster model) {
    String names = kept(model, "calendar");
    return names == null
        ? List.of()
        : ModelSays.read("provenance.calendar", () -> calendar(List.of(names.split(","))));
  }

  /** Returns parts of the calendar by their names. */
  static List<Calendar> calendar(List<String> names) {
    return names.stream().map(Calendar::of).toList();
  }

  /** Returns the rows that are asked for. */
  RowRange range() {
    return RowRange.of(rows);
  }

  /** Reads a file, up to the last row that is asked for. */
  SeriesTable table(Forecaster model, Path file) {
    var table = SeriesTable.read(file, time == null ? kept(model, "time") : time);
    if (kept(model, "gaps") != null) { // trained from the command line
      table = table.withTimes(model.provenance().text("times"));
    }
    return table.rows(0, range().end(table));
  }

  /** Returns how gaps are treated. */
  Gaps gaps(Forecaster model) {
    if (gaps != null) {
      return Gaps.of(gaps);
    }
    String how = kept(model, "gaps");
    return how == null ? Gaps.REFUSE : ModelSays.read("provenance.gaps", () -> Gaps.of(how));
  }

  /** Returns the columns of the file that a model reads: all but those of its calendar. */
  static List<String> columns(Forecaster model) {
    var columns = new ArrayList<>(model.forecasting().columns());
    columns.removeAll(Calendar.columns(calendar(model)));
    return columns;
  }
}
