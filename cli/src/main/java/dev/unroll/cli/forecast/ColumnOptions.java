package dev.unroll.cli.forecast;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.text.table.Calendar;
import dev.unroll.text.table.Gaps;
import dev.unroll.text.table.SeriesForm;
import dev.unroll.text.table.SeriesReading;
import dev.unroll.text.table.SeriesTable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
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
      names = "--static",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns that say what a series is, the same in all of its rows: numbers, or categories such as a"
              + " region.")
  List<String> statics = List.of();

  @Option(
      names = "--calendar",
      paramLabel = "PART",
      split = ",",
      description =
          "Known columns that are made of the time: hour, weekday, day, month, yearday, business (Monday to"
              + " Friday without --holidays), holiday (several with commas), or none. Default: those that explain the series, found from the data.")
  List<String> calendar = List.of();

  @Option(
      names = "--holidays",
      paramLabel = "FILE",
      description =
          "Days on which people do not work, as a known column: a day in each line and, after a comma, its"
              + " name. The model keeps them, those to come, too.")
  @Nullable Path holidays;

  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      description =
          "What becomes of rows and numbers that are missing: refuse names the first, fill takes a straight"
              + " line, mask lets the network read that they are missing and asks for none of them, skip takes rows as they come. Weekends and the like are not missing where rows never"
              + " have them. Default: fill up to one in twenty, refuse more.")
  @Nullable String gaps;

  @Option(
      names = "--rows",
      paramLabel = "FROM..TO",
      defaultValue = "..",
      description = RowRange.DESCRIPTION + ": what is trained and chosen with. Default: all.")
  String rows = "..";

  /** Reads the rows of each series of a file that are trained and chosen with. */
  List<SeriesTable> tables(Path file, Consumer<String> left) {
    var range = RowRange.of(rows);
    return wholeTables(file, left).stream()
        .map(table -> table.rows(range.first(table), range.end(table)))
        .toList();
  }

  /** Reads all rows of each series of a file. */
  List<SeriesTable> wholeTables(Path file, Consumer<String> left) {
    return reading().tables(file, left);
  }

  /** Returns the columns that say what a series is. */
  List<String> statics() {
    return statics;
  }

  /** Returns how tables are read. */
  SeriesReading reading() {
    var said = form.form();
    return SeriesReading.USUAL.withForm(
        holidays == null ? said : said.withHolidays(SeriesForm.holidays(holidays)));
  }

  /** Returns the parts of the calendar that are read; null for those that are found. */
  @Nullable List<Calendar> calendar() {
    if (calendar.isEmpty()) {
      return null;
    }
    return calendar.equals(List.of(NONE))
        ? List.of()
        : calendar.stream().map(Calendar::of).toList();
  }

  /** Returns what becomes of what is missing; null for what is found. */
  @Nullable Gaps gaps() {
    return gaps == null ? null : Gaps.of(gaps);
  }

  /** Returns the columns that are forecast; empty for all or the last. */
  List<String> targets() {
    return allTargets() ? List.of() : wanted;
  }

  /** Returns whether all columns are forecast that are named nowhere else. */
  boolean allTargets() {
    return wanted.equals(List.of(ALL));
  }

  /** Returns the columns whose past is read, but which are not forecast. */
  List<String> observed() {
    return observed;
  }

  /** Returns the columns whose future is known, without the calendar's. */
  List<String> known() {
    return known;
  }
}
