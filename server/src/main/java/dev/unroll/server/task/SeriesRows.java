package dev.unroll.server.task;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.server.http.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a series as a request brings them.
 *
 * @param columns by name; all of the same length, NaN for what is not known
 * @param times of the rows; empty for none
 */
record SeriesRows(Map<String, List<Double>> columns, List<Temporal> times) {

  /** Numbers of a series. */
  private static final long MOST = 2_000_000;

  /** Forms of times, of which the first that reads the first time reads them all. */
  private static final List<Function<String, Temporal>> FORMS =
      List.of(
          Year::parse,
          YearMonth::parse,
          LocalDate::parse,
          LocalDateTime::parse,
          Instant::parse,
          OffsetDateTime::parse);

  /**
   * Returns rows of columns, of which some may end before the others.
   *
   * @throws Problem if there are none, or times do not fit them
   */
  static SeriesRows of(Map<String, List<Double>> columns, @Nullable List<String> time) {
    int rows =
        Math.max(
            columns.values().stream().mapToInt(List::size).max().orElse(0),
            time == null ? 0 : time.size());
    if (rows == 0) {
      throw Problem.unusable("the series has no rows");
    }
    if ((long) rows * columns.size() > MOST) { // columns that end early are filled
      throw tooMany("the series has " + rows + " rows of " + columns.size() + " columns");
    }
    if (time != null && time.size() != rows) {
      throw Problem.unusable(
          "time has " + time.size() + " values, and the series " + rows + " rows");
    }
    var filled = new LinkedHashMap<String, List<Double>>();
    columns.forEach(
        (name, values) -> {
          var all = new ArrayList<>(values);
          while (all.size() < rows) {
            all.add(Double.NaN);
          }
          filled.put(name, all);
        });
    return new SeriesRows(filled, time == null ? List.of() : times(time));
  }

  /**
   * Refuses a table that is too large.
   *
   * @throws Problem if it has more fields than numbers are read
   */
  static void checkSize(String table) {
    long fields = 1 + table.chars().filter(c -> "\n,;\t|".indexOf(c) >= 0).count();
    if (fields > MOST) {
      throw tooMany("csv has about " + fields + " fields");
    }
  }

  private static Problem tooMany(String what) {
    return Problem.of(
        413,
        what
            + ", at most "
            + MOST
            + " numbers; send the last rows, which are all that the model reads");
  }

  private static List<Temporal> times(List<String> written) {
    for (Function<String, Temporal> form : FORMS) {
      if (read(form, written.getFirst()) == null) {
        continue;
      }
      var times = new ArrayList<Temporal>();
      for (String each : written) {
        Temporal time = read(form, each);
        if (time == null) {
          throw Problem.unusable(
              "time has " + shortened(each) + ", which is not written as " + written.getFirst());
        }
        times.add(time);
      }
      return times;
    }
    throw Problem.unusable(
        "time has "
            + shortened(written.getFirst())
            + ", must be ISO 8601: 2026, 2026-01, 2026-01-31, 2026-01-31T12:00 or …Z");
  }

  private static @Nullable Temporal read(Function<String, Temporal> form, String text) {
    try {
      return form.apply(text.strip().replace(' ', 'T'));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String shortened(String text) {
    return InputException.quoted(text, 50);
  }

  boolean hasTimes() {
    return !times.isEmpty();
  }

  Measurements<Integer> measurements() {
    int rows = columns.isEmpty() ? times.size() : columns.values().iterator().next().size();
    List<Integer> indices = IntStream.range(0, rows).boxed().toList();
    Measurements<Integer> all =
        hasTimes() ? Measurements.of(indices, times::get) : Measurements.ofRows(indices);
    for (var column : columns.entrySet()) {
      all = all.column(column.getKey(), column.getValue()::get);
    }
    return all;
  }
}
