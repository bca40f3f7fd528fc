package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.file.MemoryData;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.text.Gaps;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file of measurements, with their times.
 *
 * @param header the columns, and where they are named
 * @param places where times and the names of series stand
 * @param rows the rows, in ascending order of time
 * @param form how times are written; null where rows have none
 * @param numbers how numbers are written
 */
record TimedRows(
    Table.Row header, Columns places, List<Row> rows, @Nullable TimeForm form, NumberForm numbers) {

  /** The name of no column: rows have no time and are one step apart, or are one series. */
  static final String NONE = "none";

  /** What the time's column is usually called. */
  static final String TIME = "time";

  /** Numbers of so many digits may be years and months, or ids; longer ones are times. */
  private static final int LONGEST_ID = 6;

  /**
   * Columns that are no numbers.
   *
   * @param time the place of the time's column; -1 where rows have no time
   * @param series the place of the column that names series; -1 for none
   * @param name what it names this one
   * @param local whether times are what the clocks of a given zone show
   */
  record Columns(int time, int series, String name, boolean local) {}

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
   * Reads the series of a file: one, or those that a column names, each with its rows in their
   * order, whether they stand together or not.
   *
   * @param left receives the names of series that have one row only, and are left out
   * @throws InputException if it cannot be read, or times are wrong, doubled or out of order
   */
  static List<TimedRows> all(Path file, SeriesForm written, Consumer<String> left) {
    return all(SeriesFile.rows(file, written), written, left);
  }

  /** Returns the series of the rows of a table in the same way. */
  static List<TimedRows> all(List<Table.Row> all, SeriesForm written, Consumer<String> left) {
    Table.Row header = all.getFirst();
    var rows = all.subList(1, all.size());
    String named = written.series();
    if (named == null || named.equals(NONE)) {
      int time = timeColumn(header, rows, -1, written);
      var columns = new Columns(time, -1, "", written.zone() != null);
      List<Table.Row> filled = withoutBlank(rows, time);
      return List.of(of(header, columns, filled, filled, written));
    }
    int at =
        header.column(
            named, "Name the series' column with {series}, or none where rows are of one series.");
    int time = timeColumn(header, rows, at, written);
    List<Table.Row> filled = withoutBlank(rows, time);
    var groups = new LinkedHashMap<String, List<Table.Row>>();
    filled.forEach(
        row -> groups.computeIfAbsent(row.fields().get(at), key -> new ArrayList<>()).add(row));
    var found = new ArrayList<TimedRows>();
    groups.forEach(
        (name, own) -> {
          if (own.size() < 2) {
            left.accept(name);
            return;
          }
          var title = header.file() + ", " + named + " " + name;
          var ownHeader = new Table.Row(title, header.line(), header.fields());
          found.add(
              of(
                  ownHeader,
                  new Columns(time, at, name, written.zone() != null),
                  own,
                  filled,
                  written));
        });
    if (found.isEmpty()) {
      throw new InputException(
          header.file() + ": no series has two rows", "Name the series' column with {series}.");
    }
    return found;
  }

  /**
   * Returns the rows of measurements from memory.
   *
   * @param zone whose clocks show times that have no offset; null for clocks that never change
   */
  static TimedRows of(Measurements<?> measurements, @Nullable String zone) {
    var names = new ArrayList<>(measurements.columns());
    if (measurements.hasTimes()) {
      names.addFirst(names.contains(TIME) ? "" : TIME);
    }
    var rows = new ArrayList<Table.Row>();
    for (int row = 0; row < measurements.size(); row++) {
      rows.add(new Table.Row(MemoryData.NAME, row + 1L, measurements.fields(row)));
    }
    var header = new Table.Row(MemoryData.NAME, 0, names);
    var columns = new Columns(measurements.hasTimes() ? 0 : -1, -1, "", zone != null);
    rows.forEach(
        row -> row.checkSize(header, "Every row has a number for each column; it may be NaN."));
    return of(header, columns, rows, rows, SeriesForm.FOUND.withZone(zone));
  }

  /** Returns rows without the blank ones that spreadsheets leave, where rows have times. */
  private static List<Table.Row> withoutBlank(List<Table.Row> rows, int time) {
    return time < 0 ? rows : rows.stream().filter(row -> !row.isBlank()).toList();
  }

  private static int timeColumn(
      Table.Row header, List<Table.Row> rows, int series, SeriesForm written) {
    String time = written.time();
    if (time == null) {
      if (isOneColumn(header, series) && written.format() == null) {
        return -1; // as times they would leave nothing to forecast
      }
      int found = written.format() == null ? firstOfTimes(rows, series) : 0;
      if (isTime(header, found) && !rows.isEmpty() && isTime(rows.getFirst(), found)) {
        throw SeriesFile.noHeader(header, String.join(",", header.fields()));
      }
      return found;
    }
    return time.equals(NONE)
        ? -1
        : header.column(
            time, "Name the time's column with {time}, or none where rows have no time.");
  }

  /** Returns whether there is one column besides that which names series, if any does. */
  static boolean isOneColumn(Table.Row header, int series) {
    return header.fields().size() <= (series < 0 ? 1 : 2);
  }

  private static boolean isTime(Table.Row row, int field) {
    return TimeFormSearch.isTime(row.fields().get(field));
  }

  /**
   * Returns the first column with times; of those after the first, numbers are none. The first has
   * ids where its numbers are not the years of the dates in another.
   */
  private static int firstOfTimes(List<Table.Row> rows, int series) {
    int columns = rows.isEmpty() ? 0 : rows.getFirst().fields().size();
    boolean numbered = false;
    for (int field = 0; field < columns; field++) {
      if (field == series || !isTime(rows.getFirst(), field)) {
        continue;
      }
      if (!Numbers.isNumber(rows.getFirst().fields().get(field))) {
        return numbered && !hasIds(rows, field) ? 0 : field;
      }
      numbered |= field == 0;
    }
    return series == 0 ? 1 : 0;
  }

  /** Returns whether short numbers of the first column are other than the years of some dates. */
  private static boolean hasIds(List<Table.Row> rows, int dates) {
    List<String> fields = rows.getFirst().fields();
    String number = fields.getFirst();
    return number.length() <= LONGEST_ID
        && (!fields.get(dates).contains(number.substring(0, 4))
            || (rows.size() > 1 && rows.get(1).fields().getFirst().equals(number)));
  }

  /** Returns one series of the rows of a whole file. */
  private static TimedRows of(
      Table.Row header,
      Columns columns,
      List<Table.Row> table,
      List<Table.Row> whole,
      SeriesForm written) {
    var rows = new ArrayList<Row>();
    int timeColumn = columns.time();
    TimeForm form =
        timeColumn < 0 || table.isEmpty()
            ? null
            : TimeFormSearch.find(whole, table, timeColumn, written.format());
    ZoneId zone = SeriesForm.zone(written.zone());
    boolean local = false;
    if (zone != null && form != null && !form.isZoned()) {
      local = true;
      form = form.inZone(zone);
    }
    TimeForm.Read before = null;
    for (Table.Row each : table) {
      if (form != null) {
        String field = each.fields().get(timeColumn);
        TimeForm.Read read = form.read(field);
        if (read == null) {
          throw each.error(
              String.format(Locale.ROOT, "clocks in %s never show %s", zone, field),
              "Clocks go forward then: take the row out, or name the right {time-zone}.");
        }
        if (local && before != null && !read.time().isAfter(before.time())) {
          read = TimeForm.later(read);
        }
        if (before != null && !read.time().isAfter(before.time())) {
          String apart = columns.series() < 0 ? toldApart(header, columns, whole, form) : null;
          throw notAfter(each, before, read.time(), field, apart);
        }
        before = read;
      }
      rows.add(new Row(each, before));
    }
    if (rows.size() < 2) {
      throw new InputException(
          header.file() + ": " + Plural.of(rows.size(), "row"), "A series has two rows or more.");
    }
    return new TimedRows(header, columns, rows, form, numbers(header, columns, whole, written));
  }

  private static NumberForm numbers(
      Table.Row header, Columns columns, List<Table.Row> table, SeriesForm written) {
    Boolean comma = written.decimalComma();
    if (comma != null) {
      return comma ? NumberForm.COMMA : NumberForm.POINT;
    }
    var fields = new ArrayList<String>();
    for (Table.Row row : table) {
      for (int field = 0; field < row.fields().size(); field++) {
        if (field != columns.time()
            && field != columns.series()
            && NumberForm.isMarked(row.fields().get(field))) {
          fields.add(row.fields().get(field));
        }
      }
    }
    return NumberForm.found(
        header.file(),
        fields,
        "Say that commas stand before decimals, {decimal-comma}, or take them out.");
  }

  /**
   * Returns the column that tells several series of a file apart: in the rows of each of its values
   * every time is after the one before. Columns of texts come first; null for none.
   */
  private static @Nullable String toldApart(
      Table.Row header, Columns columns, List<Table.Row> rows, TimeForm form) {
    String numbered = null;
    for (int field = 0; field < header.fields().size(); field++) {
      if (field == columns.time() || header.file().equals(MemoryData.NAME)) {
        continue; // measurements from memory are one series
      }
      var last = new HashMap<String, LocalDateTime>();
      boolean numbers = true;
      boolean ascending = true;
      for (int row = 0; ascending && row < rows.size(); row++) {
        String value = rows.get(row).fields().get(field);
        TimeForm.Read read = form.read(rows.get(row).fields().get(columns.time()));
        LocalDateTime before = read == null ? null : last.put(value, read.time());
        ascending = read != null && (before == null || read.time().isAfter(before));
        numbers &= Numbers.isNumber(value);
      }
      if (ascending && last.size() <= rows.size() / 2) {
        if (!numbers) {
          return header.fields().get(field);
        }
        numbered = numbered == null ? header.fields().get(field) : numbered;
      }
    }
    return numbered;
  }

  /**
   * Returns what is wrong with a row whose time is not after that of the row before.
   *
   * @param apart the column that tells several series apart; null for none
   */
  private static InputException notAfter(
      Table.Row row,
      TimeForm.Read before,
      LocalDateTime time,
      String written,
      @Nullable String apart) {
    boolean twice = time.equals(before.time());
    String problem =
        "the time " + written + (twice ? " is there twice" : " comes after a later one");
    if (apart != null) {
      return row.error(
          problem,
          "If each value of column "
              + apart
              + " is a series, say {series "
              + apart
              + "}; otherwise "
              + (twice ? "keep one row for each time." : "sort the rows by time."));
    }
    boolean hours = before.zoned() == null && !time.toLocalTime().equals(LocalTime.MIDNIGHT);
    String others =
        "{series} names the column that tells several series apart"
            + (hours ? ", {time-zone} the zone whose clocks were put back." : ".");
    return twice
        ? row.error(
            problem,
            "Keep one row for each time; "
                + others
                + " If other columns have the rest of the time, such as the month, join them in"
                + " one, or take rows as they come with {time none}.")
        : row.error(problem, "Sort the rows by time; " + others);
  }

  /** Returns the number of rows, without the header. */
  int size() {
    return rows.size();
  }

  /** Returns the place of the time's column; -1 where rows have no time. */
  int timeColumn() {
    return places.time;
  }

  /** Returns the columns except the time's and the series'. */
  List<String> columns() {
    var columns = new ArrayList<>(header.fields());
    int later = Math.max(places.time, places.series);
    int earlier = Math.min(places.time, places.series);
    if (later >= 0) {
      columns.remove(later);
    }
    if (earlier >= 0) {
      columns.remove(earlier);
    }
    return columns;
  }

  /** Returns the rows from {@code from} up to, not including, {@code to}. */
  TimedRows part(int from, int to) {
    return new TimedRows(header, places, rows.subList(from, to), form, numbers);
  }

  /**
   * Returns the times of the rows; null where they have none.
   *
   * @param kept what a model keeps of how rows come; null for nothing
   * @param holidays days on which people do not work
   */
  @Nullable TimeAxis axis(Gaps gaps, @Nullable String kept, Set<LocalDate> holidays) {
    TimeForm written = form;
    if (written == null) {
      return null;
    }
    var times = rows.stream().map(Row::requireTime).toList();
    var utc = new TimeAxis.Writing(written, ZoneOffset.UTC, true);
    if (TimeAxis.WITHOUT_PATTERN.equals(kept)) {
      return new TimeAxis(utc, times, TimeSlots.all(TimeSearch.step(times)), false);
    }
    boolean asTheyCome = gaps == Gaps.SKIP;
    TimeSlots known = kept == null || kept.equals(TimeAxis.REGULAR) ? null : TimeSlots.ofKept(kept);
    ZoneId days = written.isZoned() && hasOneZone() ? zone() : ZoneOffset.UTC;
    var found =
        TimeSearch.pattern(times, asTheyCome, known, ClosedDays.of(holidays, times, days, kept));
    if (written.isZoned()) {
      ZoneId zone = zone();
      List<LocalDateTime> local = localTimes();
      var closed = ClosedDays.of(holidays, local, ZoneOffset.UTC, kept);
      var here = local.isEmpty() ? found : TimeSearch.pattern(local, asTheyCome, known, closed);
      boolean moments = places.local() && found.slots() != null && found.slots().days() < 1;
      if (moments) {
        return axis(new TimeAxis.Writing(written, zone, true), times, found, asTheyCome);
      }
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

  /**
   * Returns the first row whose time is not before another.
   *
   * @param wanted a time; without an offset or a zone it is one of the clocks of the rows
   * @param after whether that time itself counts as before the row
   */
  int rowOf(TimeForm.Read wanted, boolean after) {
    List<LocalDateTime> times = rows.stream().map(Row::requireTime).toList();
    LocalDateTime time = wanted.time();
    if (form != null && form.isZoned() && wanted.zoned() == null) {
      List<LocalDateTime> local = localTimes();
      if (local.isEmpty()) { // clocks were put back meanwhile
        time = TimeForm.moment(time.atZone(zone()), after).time();
      } else {
        times = local;
      }
    } else if (wanted.zoned() != null && places.local) {
      time = TimeForm.moment(wanted.zoned(), after).time();
    }
    int row = 0;
    while (row < times.size()
        && (times.get(row).isBefore(time) || (after && times.get(row).equals(time)))) {
      row++;
    }
    return row;
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
