package dev.unroll.cli.forecast;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.file.InputException;
import dev.unroll.text.table.Calendar;
import dev.unroll.text.table.Gaps;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TimeAxis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
      defaultValue = "refuse",
      description =
          "What becomes of rows and numbers that are missing: refuse names the first, fill takes a straight"
              + " line, skip takes rows as they come. Weekends and the like are not missing where rows never"
              + " have them. Default: ${DEFAULT-VALUE}.")
  String gaps = "refuse";

  @Option(
      names = "--rows",
      paramLabel = "FROM..TO",
      defaultValue = "..",
      description = RowRange.DESCRIPTION + ": what is trained and chosen with. Default: all.")
  String rows = "..";

  /** Reads the rows of a file that are trained and chosen with. */
  SeriesTable table(Path file) {
    var table = SeriesTable.read(file, time);
    var range = RowRange.of(rows);
    return table.rows(range.first(table), range.end(table));
  }

  /** Reads all rows of a file. */
  SeriesTable wholeTable(Path file) {
    return SeriesTable.read(file, time);
  }

  /** Returns the parts of the calendar that are read. */
  List<Calendar> calendar() {
    return SeriesOptions.calendar(calendar);
  }

  /** Returns what becomes of what is missing. */
  Gaps gaps() {
    return Gaps.of(gaps);
  }

  /** Returns the columns that are forecast. */
  List<String> targets(SeriesTable table) {
    var left = new ArrayList<>(table.columns());
    left.removeAll(observed);
    left.removeAll(known);
    if (left.isEmpty()) {
      throw new InputException("no column is left to forecast", "Name fewer as observed or known.");
    }
    if (wanted.isEmpty()) {
      return List.of(left.getLast());
    }
    return wanted.equals(List.of(ALL)) ? left : wanted;
  }

  /** Returns the columns whose past is read, but which are not forecast. */
  List<String> observed() {
    return observed;
  }

  /** Returns the columns whose future is known, the calendar's included. */
  List<String> known() {
    var all = new ArrayList<>(known);
    all.addAll(Calendar.columns(calendar()));
    return all;
  }

  /** Returns what a model remembers of the columns and times, to read a series in the same way. */
  Map<String, Object> source(@Nullable TimeAxis axis) {
    var source = new LinkedHashMap<String, Object>();
    source.put("time", time == null ? "" : time);
    source.put("calendar", String.join(",", calendar));
    source.put("gaps", gaps);
    if (axis != null) {
      source.put("times", axis.kept());
    }
    return Map.copyOf(source);
  }
}
