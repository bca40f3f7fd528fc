package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a file of measurements is written; null for what is found from it.
 *
 * @param time the column of times, or «none» where rows have no time; null for the first with times
 * @param format how times are written, as {@link java.time.format.DateTimeFormatter} has it, or
 *     {@code epoch-seconds} or {@code epoch-milliseconds}
 * @param delimiter what stands between fields
 * @param decimalComma whether a comma stands before decimals, and not a point
 * @param series the column that names the series of a row; null where all rows are one series
 * @param zone the time zone whose clocks show the times, such as Europe/Berlin
 * @param holidays days on which people do not work, those to come among them
 */
public record SeriesForm(
    @Nullable String time,
    @Nullable String format,
    @Nullable Character delimiter,
    @Nullable Boolean decimalComma,
    @Nullable String series,
    @Nullable String zone,
    Set<LocalDate> holidays) {

  /** Copies the set, in the order of the days. */
  public SeriesForm {
    holidays = Collections.unmodifiableSet(new TreeSet<>(holidays));
    zone(zone);
  }

  /** All is found from the file, whose rows are one series. */
  public static final SeriesForm FOUND =
      new SeriesForm(null, null, null, null, null, null, Set.of());

  private static final String TIME = "time";
  private static final String FORMAT = "timeFormat";
  private static final String DELIMITER = "delimiter";
  private static final String DECIMAL_COMMA = "decimalComma";
  private static final String SERIES = "series";
  private static final String ZONE = "timeZone";
  private static final String HOLIDAYS = "holidays";

  private static final Pattern QUOTED = Pattern.compile("\"(.*)\"");

  /** What a model says by names, of which any may be missing. */
  interface Says {
    /** Returns what it says; empty for nothing. */
    String text(String name);
  }

  static SeriesForm of(Says model) {
    String delimiter = model.text(DELIMITER);
    String comma = model.text(DECIMAL_COMMA);
    return new SeriesForm(
        known(model.text(TIME)),
        known(model.text(FORMAT)),
        delimiter.length() == 1 ? delimiter.charAt(0) : null,
        comma.isEmpty() ? null : comma.equals("true"),
        known(model.text(SERIES)),
        known(model.text(ZONE)),
        holidays(model.text(HOLIDAYS)));
  }

  private static Set<LocalDate> holidays(String text) {
    var days = new TreeSet<LocalDate>();
    for (String day : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      var read = IsoTime.read(day);
      if (read == null) {
        throw new InputException(
            "the holiday «" + day + "» is not a day", "Train the model again.");
      }
      days.add(read.time().toLocalDate());
    }
    return days;
  }

  /** Returns the zone of a name, or null for none. */
  public static @Nullable ZoneId zone(@Nullable String name) {
    try {
      return name == null ? null : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InputException(
          "no time zone is called " + name, "Name one such as Europe/Berlin, UTC or +01:00.");
    }
  }

  /**
   * Reads days on which people do not work: one in each line, and whatever follows a comma.
   *
   * @throws InputException if a line begins with no day
   */
  public static Set<LocalDate> holidays(Path file) {
    var rows = new ArrayList<Table.Row>();
    Lines.readNumbered(
        file,
        (line, number) -> {
          if (!line.isBlank()) {
            String day = QUOTED.matcher(line.split("[,;\\t]", 2)[0].strip()).replaceAll("$1");
            rows.add(new Table.Row(Lines.nameOf(file), number, List.of(day)));
          }
        });
    boolean header = !rows.isEmpty() && isName(rows.getFirst().fields().getFirst());
    var days = header ? rows.subList(1, rows.size()) : rows;
    if (days.isEmpty()) {
      throw InputException.in(file, "has no day", "Write a day in each line: 2024-12-25,Christmas");
    }
    TimeForm form = TimeFormSearch.find(days, days, 0, null);
    var found = new TreeSet<LocalDate>();
    for (Table.Row row : days) {
      found.add(Objects.requireNonNull(form.time(row.fields().getFirst())).time().toLocalDate());
    }
    return found;
  }

  /** Whether a field names a column: what begins with a digit is a day, if perhaps a wrong one. */
  private static boolean isName(String field) {
    return !TimeFormSearch.isTime(field)
        && (field.isEmpty() || !Character.isDigit(field.charAt(0)));
  }

  /** The same with days on which people do not work. */
  public SeriesForm withHolidays(Set<LocalDate> days) {
    return new SeriesForm(time, format, delimiter, decimalComma, series, zone, days);
  }

  private static @Nullable String known(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Returns what a model remembers, to read a file in the same way. */
  Map<String, Object> kept() {
    var kept = new LinkedHashMap<String, Object>();
    put(kept, TIME, time);
    put(kept, FORMAT, format);
    put(kept, DELIMITER, delimiter);
    put(kept, DECIMAL_COMMA, decimalComma);
    put(kept, SERIES, series);
    put(kept, ZONE, zone);
    if (!holidays.isEmpty()) {
      kept.put(
          HOLIDAYS, holidays.stream().map(LocalDate::toString).collect(Collectors.joining(",")));
    }
    return kept;
  }

  private static void put(Map<String, Object> kept, String name, @Nullable Object value) {
    if (value != null) {
      kept.put(name, value.toString());
    }
  }

  /** The same, where another says more. */
  public SeriesForm or(SeriesForm other) {
    return new SeriesForm(
        time == null ? other.time : time,
        format == null ? other.format : format,
        delimiter == null ? other.delimiter : delimiter,
        decimalComma == null ? other.decimalComma : decimalComma,
        series == null ? other.series : series,
        zone == null ? other.zone : zone,
        holidays.isEmpty() ? other.holidays : holidays);
  }

  /** The same with another column of times; {@code none} where rows have no time. */
  public SeriesForm withTime(String column) {
    return new SeriesForm(column, format, delimiter, decimalComma, series, zone, holidays);
  }

  /** The same with times that are written in another way. */
  public SeriesForm withFormat(String pattern) {
    return new SeriesForm(time, pattern, delimiter, decimalComma, series, zone, holidays);
  }

  /** The same with other signs between fields and before decimals. */
  public SeriesForm withSigns(@Nullable Character between, @Nullable Boolean comma) {
    return new SeriesForm(time, format, between, comma, series, zone, holidays);
  }

  /** The same with several series in a file, which a column names. */
  public SeriesForm withSeries(String column) {
    return new SeriesForm(time, format, delimiter, decimalComma, column, zone, holidays);
  }

  /** The same with times of a zone. */
  public SeriesForm withZone(@Nullable String name) {
    return new SeriesForm(time, format, delimiter, decimalComma, series, name, holidays);
  }
}
