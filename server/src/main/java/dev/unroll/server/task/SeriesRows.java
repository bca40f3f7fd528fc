package dev.unroll.server.task;

import dev.unroll.data.Measurements;
import dev.unroll.server.http.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
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
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a series as a request brings them.
 *
 * @param columns by name; all of the same length, NaN for what is not known
 * @param times of the rows; empty for none
 */
record SeriesRows(Map<String, List<Double>> columns, List<Temporal> times) {

  private static final String TIME = "time";

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
      throw Problem.of(
          413,
          "the series has "
              + rows
              + " rows of "
              + columns.size()
              + " columns, at most "
              + MOST
              + " numbers; send the last rows, which are all that the model reads");
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
   * Returns the rows of a table with a header; an empty field is not known.
   *
   * @throws Problem if it cannot be read
   */
  static SeriesRows ofCsv(String text) {
    try (var parser =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .get()
            .parse(new StringReader(text))) {
      var columns = new LinkedHashMap<String, List<Double>>();
      List<String> names = parser.getHeaderNames();
      names.stream()
          .filter(name -> !name.equals(TIME))
          .forEach(name -> columns.put(name, new ArrayList<>()));
      var time = new ArrayList<String>();
      for (CSVRecord row : parser) {
        if (row.size() != names.size()) {
          throw Problem.unusable(
              "line "
                  + parser.getCurrentLineNumber()
                  + " of csv has "
                  + row.size()
                  + " fields, the header "
                  + names.size());
        }
        columns.forEach(
            (name, values) ->
                values.add(number(row.get(name), name, parser.getCurrentLineNumber())));
        if (names.contains(TIME)) {
          time.add(row.get(TIME));
        }
      }
      return of(columns, time.isEmpty() ? null : time);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw Problem.unusable("csv cannot be read: " + e.getMessage());
    }
  }

  private static double number(String field, String column, long line) {
    if (field.isBlank()) {
      return Double.NaN;
    }
    try {
      double number = Double.parseDouble(field.strip());
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Problem.unusable(
        "line "
            + line
            + " of csv has "
            + shortened(field)
            + " in the column "
            + shortened(column)
            + ", must be a number; the times of the rows stand in a column called "
            + TIME);
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
    return text.length() <= 50 ? text : text.substring(0, 50) + "…";
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
