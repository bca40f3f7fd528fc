package dev.unroll.text.table;

import dev.unroll.data.Measurements;
import dev.unroll.file.InputException;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file of measurements, with their times.
 *
 * @param header the columns, and where they are named
 * @param timeColumn the place of the time's column; -1 where rows have no time
 * @param rows the rows, in ascending order of time
 * @param form how times are written; null where rows have none
 */
record SeriesRows(Table.Row header, int timeColumn, List<Row> rows, @Nullable TimeForm form) {

  /** The time column's name where rows have no time and are one step apart. */
  static final String NO_TIME = "none";

  /** What messages call rows that come from no file. */
  private static final String MEMORY = "data";

  private static final String TIME = "time";

  /**
   * A row.
   *
   * @param own its fields and its place
   * @param read its time; null where rows have none
   */
  record Row(Table.Row own, TimeForm.@Nullable Read read) {

    LocalDateTime requireTime() {
      return requireRead().time();
    }

    private TimeForm.Read requireRead() {
      return Objects.requireNonNull(read, "a row without a time");
    }
  }

  /**
   * Reads a file.
   *
   * @param time the time's column; null for the first, {@link #NO_TIME} for none
   * @throws InputException if it cannot be read, or times are wrong, doubled or out of order
   */
  static SeriesRows read(Path file, @Nullable String time) {
    Table table = Table.read(file);
    if (table.firstLine().isBlank()) {
      throw InputException.at(
          table.name(),
          1,
          "there is no header",
          "The first line names the columns, such as: time,load");
    }
    List<Table.Row> all = table.rows(format(file, table.firstLine()));
    Table.Row header = trimmed(all.getFirst());
    checkHeader(header, table.firstLine());
    int timeColumn = timeColumn(header, time);
    return of(header, timeColumn, all.stream().skip(1).map(SeriesRows::trimmed).toList());
  }

  /** Returns the rows of measurements from memory. */
  static SeriesRows of(Measurements<?> measurements) {
    var names = new ArrayList<>(measurements.columns());
    if (measurements.hasTimes()) {
      names.addFirst(names.contains(TIME) ? "" : TIME);
    }
    var rows = new ArrayList<Table.Row>();
    for (int row = 0; row < measurements.size(); row++) {
      rows.add(new Table.Row(MEMORY, row + 1L, measurements.fields(row)));
    }
    var header = new Table.Row(MEMORY, 0, names);
    return of(header, measurements.hasTimes() ? 0 : -1, rows);
  }

  private static Table.Format format(Path file, String header) {
    if (Table.isCalled(file, ".tsv")) {
      return new Table.Format('\t', true);
    }
    boolean semicolons = header.indexOf(';') >= 0 && header.indexOf(',') < 0;
    return semicolons ? new Table.Format(';', true) : Table.Format.COMMAS;
  }

  private static Table.Row trimmed(Table.Row row) {
    return new Table.Row(row.file(), row.line(), row.fields().stream().map(String::trim).toList());
  }

  private static void checkHeader(Table.Row header, String line) {
    List<String> names = header.fields();
    var seen = new HashSet<String>();
    for (String each : names) {
      if (!seen.add(each)) {
        throw header.error(
            String.format(Locale.ROOT, "several columns are called «%s»", each), "Name each once.");
      }
    }
    if (names.stream().allMatch(each -> Numbers.isNumber(each) || TimeForm.read(each) != null)) {
      throw header.error(
          String.format(Locale.ROOT, "there is no header, but «%s»", line),
          "Put a line above that names the columns.");
    }
  }

  private static int timeColumn(Table.Row header, @Nullable String time) {
    if (time == null) {
      return 0;
    }
    return time.equals(NO_TIME)
        ? -1
        : header.column(
            time, "Name the time's column with {time}, or none where rows have no time.");
  }

  private static SeriesRows of(Table.Row header, int timeColumn, List<Table.Row> table) {
    var rows = new ArrayList<Row>();
    TimeForm form = null;
    TimeForm.Read before = null;
    for (Table.Row each : table) {
      each.checkSize(header, "Every line has a field for each column; it may be empty.");
      if (timeColumn >= 0) {
        TimeForm.Read read = time(each, each.fields().get(timeColumn), form);
        checkAfter(each, before, read.time(), each.fields().get(timeColumn));
        before = read;
        form = read.form();
      }
      rows.add(new Row(each, before));
    }
    if (rows.size() < 2) {
      throw new InputException(
          header.file() + ": " + Plural.of(rows.size(), "row"), "A series has two rows or more.");
    }
    return new SeriesRows(header, timeColumn, rows, form);
  }

  private static TimeForm.Read time(Table.Row row, String written, @Nullable TimeForm form) {
    var read = TimeForm.read(written);
    if (read == null || (form != null && read.form() != form)) {
      throw row.error(
          String.format(
              Locale.ROOT,
              "«%s» is not a time%s",
              written,
              read == null ? "" : " written as those before"),
          "Write 1949, 1949-01, 1949-01-31 or 1949-01-31 23:59:59; {time NAME} names another column, and"
              + " {time none} says that rows have no time.");
    }
    return read;
  }

  private static void checkAfter(
      Table.Row row, TimeForm.@Nullable Read before, LocalDateTime time, String written) {
    if (before != null && time.equals(before.time())) {
      throw row.error(
          String.format(Locale.ROOT, "the time %s is there twice", written),
          "Keep one row for each time; several series go into files of their own.");
    }
    if (before != null && time.isBefore(before.time())) {
      throw row.error(
          String.format(Locale.ROOT, "the time %s comes after a later one", written),
          "Sort the rows by time.");
    }
  }

  /** Returns the number of rows, without the header. */
  int size() {
    return rows.size();
  }

  /** Returns the columns except the time's. */
  List<String> columns() {
    var columns = new ArrayList<>(header.fields());
    if (timeColumn >= 0) {
      columns.remove(timeColumn);
    }
    return columns;
  }

  /** Returns the rows from {@code from} up to, not including, {@code to}. */
  SeriesRows part(int from, int to) {
    return new SeriesRows(header, timeColumn, rows.subList(from, to), form);
  }

  /**
   * Returns the times of the rows; null where they have none.
   *
   * @param kept what a model keeps of how rows come; null for nothing
   */
  @Nullable TimeAxis axis(Gaps gaps, @Nullable String kept) {
    TimeForm written = form;
    if (timeColumn < 0 || written == null) {
      return null;
    }
    var times = rows.stream().map(Row::requireTime).toList();
    var utc = new TimeAxis.Writing(written, ZoneOffset.UTC, true);
    if (TimeAxis.WITHOUT_PATTERN.equals(kept)) {
      return new TimeAxis(utc, times, TimeSlots.all(TimeSearch.step(times)), false);
    }
    boolean asTheyCome = gaps == Gaps.SKIP;
    TimeSlots known = kept == null || kept.equals(TimeAxis.REGULAR) ? null : TimeSlots.ofKept(kept);
    var found = TimeSearch.pattern(times, asTheyCome, known);
    if (written == TimeForm.INSTANT) {
      ZoneId zone = zone();
      List<LocalDateTime> local = localTimes();
      var here = local.isEmpty() ? found : TimeSearch.pattern(local, asTheyCome, known);
      if (here.bits() < found.bits()
          || (!local.isEmpty() && here.bits() == found.bits() && hasOneZone())) {
        return axis(new TimeAxis.Writing(written, zone, false), local, here, asTheyCome);
      }
      utc = hasOneZone() ? new TimeAxis.Writing(written, zone, true) : utc;
    }
    return axis(utc, times, found, asTheyCome);
  }

  private static TimeAxis axis(
      TimeAxis.Writing writing,
      List<LocalDateTime> times,
      TimeSearch.Found found,
      boolean asTheyCome) {
    TimeSlots slots = found.slots();
    return new TimeAxis(
        writing,
        times,
        slots == null && !asTheyCome ? TimeSlots.all(TimeSearch.step(times)) : slots,
        asTheyCome);
  }

  /** Returns the times as clocks show them there; empty where these are not in ascending order. */
  private List<LocalDateTime> localTimes() {
    var local = new ArrayList<LocalDateTime>();
    for (Row each : rows) {
      LocalDateTime time = Objects.requireNonNull(each.requireRead().zoned()).toLocalDateTime();
      if (!local.isEmpty() && !time.isAfter(local.getLast())) {
        return List.of();
      }
      local.add(time);
    }
    return local;
  }

  /** Returns the zone, or the offset, of the last row. */
  private ZoneId zone() {
    return Objects.requireNonNull(rows.getLast().requireRead().zoned()).getZone();
  }

  private boolean hasOneZone() {
    ZoneId zone = zone();
    return rows.stream()
        .allMatch(row -> Objects.requireNonNull(row.requireRead().zoned()).getZone().equals(zone));
  }
}
