package dev.unroll.text.table;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a file of measurements is written; null for what is found from it.
 *
 * @param time the time's column; {@code none} where rows have no time; else the first with times
 * @param format how times are written, as {@link java.time.format.DateTimeFormatter} has it, or
 *     {@code epoch-seconds} or {@code epoch-milliseconds}
 * @param delimiter what stands between fields
 * @param decimalComma whether a comma stands before decimals, and not a point
 * @param series the column that names the series of a row; null where all rows are one series
 * @param zone the time zone whose clocks show the times, such as Europe/Berlin
 */
public record SeriesForm(
    @Nullable String time,
    @Nullable String format,
    @Nullable Character delimiter,
    @Nullable Boolean decimalComma,
    @Nullable String series,
    @Nullable String zone) {

  /** All is found from the file, whose rows are one series. */
  public static final SeriesForm FOUND = new SeriesForm(null, null, null, null, null, null);

  private static final String TIME = "time";
  private static final String FORMAT = "timeFormat";
  private static final String DELIMITER = "delimiter";
  private static final String DECIMAL_COMMA = "decimalComma";
  private static final String SERIES = "series";
  private static final String ZONE = "timeZone";

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
        known(model.text(ZONE)));
  }

  private static @Nullable String known(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Returns what a model remembers, to read a file in the same way. */
  Map<String, Object> kept() {
    var kept = new LinkedHashMap<String, Object>();
    kept.put(TIME, time == null ? "" : time);
    put(kept, FORMAT, format);
    put(kept, DELIMITER, delimiter);
    put(kept, DECIMAL_COMMA, decimalComma);
    put(kept, SERIES, series);
    put(kept, ZONE, zone);
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
        zone == null ? other.zone : zone);
  }

  /** The same with another column of times; {@code none} where rows have no time. */
  public SeriesForm withTime(String column) {
    return new SeriesForm(column, format, delimiter, decimalComma, series, zone);
  }

  /** The same with times that are written in another way. */
  public SeriesForm withFormat(String pattern) {
    return new SeriesForm(time, pattern, delimiter, decimalComma, series, zone);
  }

  /** The same with other signs between fields and before decimals. */
  public SeriesForm withSigns(@Nullable Character between, @Nullable Boolean comma) {
    return new SeriesForm(time, format, between, comma, series, zone);
  }

  /** The same with several series in a file, which a column names. */
  public SeriesForm withSeries(String column) {
    return new SeriesForm(time, format, delimiter, decimalComma, column, zone);
  }

  /** The same with times of a zone. */
  public SeriesForm withZone(String name) {
    return new SeriesForm(time, format, delimiter, decimalComma, series, name);
  }
}
