package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.data.Series;
import dev.unroll.task.forecast.ForecastDefaults;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file of measurements in time: a header, then a row for each time, in ascending order; fields
 * between commas (RFC 4180), semicolons, tabs or bars, whichever stand in all lines. Files that are
 * called .jsonl, .ndjson or .json have an object of JSON for each time.
 */
public final class SeriesTable {

  private final TimedRows rows;

  /** What a model keeps of how rows come, or null. */
  private final @Nullable String kept;

  private final Set<LocalDate> holidays;

  /**
   * Columns of numbers that are the same in all rows, with what stands for those that are empty.
   */
  private final Map<String, Double> statics;

  private SeriesTable(
      TimedRows rows, @Nullable String kept, Set<LocalDate> holidays, Map<String, Double> statics) {
    this.rows = rows;
    this.kept = kept;
    this.holidays = holidays;
    this.statics = statics;
  }

  /** Returns the same rows with columns of numbers that say the same in all of them. */
  SeriesTable withStatics(Map<String, Double> means) {
    return new SeriesTable(rows, kept, holidays, means);
  }

  /** Returns the same rows with days on which people do not work. */
  SeriesTable withHolidays(Set<LocalDate> days) {
    return new SeriesTable(rows, kept, days, statics);
  }

  /**
   * Reads a file.
   *
   * @param time the time's column; null for the first, {@code none} where rows have no time and are
   *     one step apart
   * @throws InputException if it cannot be read, or times are wrong, doubled or out of order
   */
  public static SeriesTable read(Path file, @Nullable String time) {
    return of(file, time == null ? SeriesForm.FOUND : SeriesForm.FOUND.withTime(time));
  }

  /**
   * Reads a file of one series.
   *
   * @throws InputException if it cannot be read, or times are wrong, doubled or out of order
   */
  static SeriesTable of(Path file, SeriesForm form) {
    return only(Lines.nameOf(file), all(file, form, name -> {}));
  }

  /**
   * Takes a table of one series.
   *
   * @param form how it is written, as far as that is known
   * @param read the columns that are read; times stand in another, if they do
   * @throws InputException if times are wrong, doubled or out of order
   */
  static SeriesTable of(Table table, SeriesForm form, List<String> read) {
    List<Table.Row> rows = SeriesFile.rows(table, ',', form);
    SeriesForm own = SeriesFile.found(rows, form, read);
    return only(table.name(), tables(TimedRows.all(rows, own, name -> {})));
  }

  private static SeriesTable only(String file, List<SeriesTable> all) {
    if (all.size() > 1) {
      throw InputException.in(
          file,
          String.format(Locale.ROOT, "has %,d series", all.size()),
          "Read each of them, or give a file with the rows of one.");
    }
    return all.getFirst();
  }

  /**
   * Reads the series of a file, each as a table of its own.
   *
   * @param left receives the names of series that have one row only, and are left out
   * @throws InputException if it cannot be read, or times are wrong, doubled or out of order
   */
  static List<SeriesTable> all(Path file, SeriesForm form, Consumer<String> left) {
    return tables(TimedRows.all(file, form, left));
  }

  private static List<SeriesTable> tables(List<TimedRows> all) {
    return all.stream().map(rows -> new SeriesTable(rows, null, Set.of(), Map.of())).toList();
  }

  /**
   * Returns the rows of measurements from memory.
   *
   * @throws InputException if times are wrong, doubled or out of order
   */
  public static SeriesTable of(Measurements<?> rows) {
    return of(rows, SeriesForm.FOUND);
  }

  /** Returns the rows of measurements from memory, whose times the clocks of a zone may show. */
  static SeriesTable of(Measurements<?> rows, SeriesForm form) {
    return new SeriesTable(TimedRows.of(rows, form.zone()), null, Set.of(), Map.of());
  }

  /** Returns the column of a table from which a column of a model is read, such as a category. */
  public static String origin(String column) {
    return GapFilling.origin(column);
  }

  /** Returns what the file calls the series; empty where it is the only one. */
  public String name() {
    return rows.places().name();
  }

  /** Returns what messages call the series: its file, and its name where there are several. */
  public String title() {
    return rows.header().file();
  }

  /** Returns the names of some columns as the header writes them, where it has them. */
  List<String> written(List<String> columns) {
    Table.Row header = rows.header();
    return columns.stream()
        .map(each -> header.place(each) < 0 ? each : header.fields().get(header.place(each)))
        .toList();
  }

  /**
   * Returns what a column says in all rows, or in those where it says something.
   *
   * @throws InputException if it changes
   */
  String only(String column) {
    return GapFilling.only(rows, column);
  }

  /** Returns the number of rows of the file, without the header. */
  public int size() {
    return rows.size();
  }

  /** Returns the columns except the time's. */
  public List<String> columns() {
    return rows.columns();
  }

  /**
   * Returns the rows from {@code from} up to {@code to}.
   *
   * @throws InputException if there are none
   */
  public SeriesTable rows(int from, int to) {
    if (from >= to) {
      throw new InputException(
          String.format(Locale.ROOT, "%s: none of %,d rows is left", title(), size()),
          "Choose rows that it has.");
    }
    return new SeriesTable(rows.part(from, to), kept, holidays, statics);
  }

  /** Returns the number of fields of some columns that have no number. */
  long missing(List<String> columns) {
    return GapFilling.missing(rows, columns);
  }

  /** Returns whether a column has a number, and not texts only. */
  boolean hasNumber(String column) {
    return GapFilling.hasNumber(rows, column);
  }

  /** Returns whether the file has one column, besides that which names series. */
  boolean isOneColumn() {
    return TimedRows.isOneColumn(rows.header(), rows.places().series());
  }

  /** Returns with how many decimals a column is written, as the number that has most. */
  public int decimals(String column) {
    return GapFilling.decimals(rows, column);
  }

  /**
   * Returns the same rows for a model that keeps how rows came when it was trained: a few rows do
   * not show it.
   *
   * @param rule what {@link TimeAxis#kept} gave; empty for none, as models before 0.3.0 have it
   */
  public SeriesTable withTimes(String rule) {
    return new SeriesTable(rows, rule, holidays, statics);
  }

  /** Returns whether the times are years: four digits are one of them. */
  public boolean isOfYears() {
    TimeForm form = rows.form();
    return form != null && form.isYears();
  }

  /**
   * Returns the first row whose time is not before one that is written. Without an offset it is
   * what clocks show where those of the rows are.
   *
   * @param after whether that time itself counts as before the row: all of it, where it is a day, a
   *     month or a year of rows with finer times
   * @throws InputException if it is not a time
   */
  public int rowOf(String time, boolean after) {
    TimeForm form = rows.form();
    TimeForm.Read read = form == null ? null : form.time(time);
    if (read == null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "«%s» is %s",
              time,
              form == null ? "a time, but rows have none" : "not a time"),
          "Give a number of a row, a share such as 80%, or a time such as 1949-01-31.");
    }
    TimeForm.Read end = form != null && after ? form.end(time) : null;
    return end == null ? rows.rowOf(read, after) : rows.rowOf(end, false);
  }

  /**
   * What was read.
   *
   * @param series the numbers
   * @param axis the times of the rows; null where they have none
   * @param places of each row of the file its row in the series, where rows were filled in between
   *     them
   */
  public record Read(Series series, @Nullable TimeAxis axis, int[] places) implements Series.Timed {

    @Override
    public Optional<LocalDateTime> time(int row) {
      return axis == null ? Optional.empty() : Optional.of(axis.time(row));
    }

    @Override
    public String label(int row) {
      return axis == null ? Integer.toString(row + 1) : axis.label(row);
    }

    /**
     * Returns which share of what simple forecasts leave a part of the calendar explains: 0 where
     * there are too few rows to say.
     */
    double explained(Calendar part, Series training, ForecastDefaults.Found window) {
      int rows = training.size();
      var first = time(0).orElseThrow();
      var last = time(rows - 1).orElseThrow();
      if (ChronoUnit.DAYS.between(first, last) < 2L * part.days()
          || rows < 3L * window.window().context() + 31) {
        return 0;
      }
      double[] column = new double[rows];
      int[] classes = new int[rows];
      for (int row = 0; row < rows; row++) {
        column[row] = training.rows()[row][0];
        classes[row] = part.classOf(time(row).orElseThrow());
      }
      return ForecastDefaults.explained(column, classes, window);
    }

    /** Returns whether a part of the calendar is not the same in all rows to learn from. */
    static boolean changes(
        Calendar part, List<Read> read, List<Series> training, Set<LocalDate> holidays) {
      double[] first = new double[Calendar.columns(List.of(part)).size()];
      double[] own = new double[first.length];
      for (int i = 0; i < read.size(); i++) {
        for (int row = 0; row < training.get(i).size(); row++) {
          boolean begins = i == 0 && row == 0;
          LocalDateTime time = read.get(i).time(row).orElseThrow();
          Calendar.write(List.of(part), time, holidays, begins ? first : own, 0);
          if (!begins && !Arrays.equals(first, own)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /**
   * Returns some columns.
   *
   * @param calendar columns computed from the time, which follow the others
   * @throws InputException if a column is not there, or a number or a row is missing
   */
  public Read series(List<String> columns, List<Calendar> calendar, Gaps gaps) {
    return series(columns, calendar, gaps, List.of(), 0);
  }

  /**
   * Returns some columns, and rows of a future of which nothing but the calendar is known.
   *
   * @param calendar columns computed from the time, which follow the others
   * @param open columns of which the last rows of the file may be empty: what is to be forecast
   * @param further rows after those of the file
   * @throws InputException if a column is not there, or a number or a row is missing
   */
  public Read series(
      List<String> columns, List<Calendar> calendar, Gaps gaps, List<String> open, int further) {
    TimeAxis axis = rows.axis(gaps, kept, holidays);
    if (axis == null && !calendar.isEmpty()) {
      throw new InputException(
          rows.header().file() + ": rows have no time, so that there is no calendar",
          "Leave {calendar} out.");
    }
    var filling = new GapFilling(rows, axis, gaps, statics);
    int size = Math.addExact(filling.size(), further);
    int width = columns.size() + Calendar.columns(calendar).size();
    double[][] numbers = new double[size][width];
    for (int c = 0; c < columns.size(); c++) {
      filling.fill(numbers, c, columns.get(c), open.contains(columns.get(c)));
    }
    for (int row = 0; axis != null && row < size; row++) {
      if (axis.knows(row)) {
        Calendar.write(calendar, axis.time(row), holidays, numbers[row], columns.size());
      } else {
        Arrays.fill(numbers[row], Double.NaN);
      }
    }
    var names = new ArrayList<>(columns);
    names.addAll(Calendar.columns(calendar));
    var series = new Series(rows.header().file(), names, numbers);
    return new Read(series, axis, filling.places());
  }
}
