package dev.unroll.data;

import dev.unroll.base.InputException;
import dev.unroll.file.Plural;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measurements in memory: rows of any class, in ascending order of time, with numbers by the name
 * of their column. An unknown number is NaN. It is immutable.
 *
 * {@snippet :
 * Measurements.of(readings, Reading::time).column("load", Reading::load).column("price", Reading::price);
 * }
 *
 * @param <T> the rows
 */
public final class Measurements<T> {

  /** The default name of the column of numbers. */
  public static final String VALUE = "value";

  private final List<T> rows;
  private final @Nullable Function<? super T, ? extends Temporal> time;
  private final Map<String, ToDoubleFunction<? super T>> columns;

  private Measurements(
      List<T> rows,
      @Nullable Function<? super T, ? extends Temporal> time,
      Map<String, ToDoubleFunction<? super T>> columns) {
    this.rows = rows;
    this.time = time;
    this.columns = columns;
  }

  /** Returns numbers that are one step apart, without times, as the column {@link #VALUE}. */
  public static Measurements<Double> of(double... values) {
    return ofRows(Arrays.stream(values).boxed().toList()).column(VALUE, Double::doubleValue);
  }

  /** Returns the rows of objects that are one step apart, without times; add columns next. */
  public static <T> Measurements<T> ofRows(Iterable<T> rows) {
    return new Measurements<>(copy(rows), null, Map.of());
  }

  /**
   * Returns the rows of objects; add columns next.
   *
   * @param time the time of each: a {@code Year}, {@code YearMonth}, {@code LocalDate}, {@code
   *     LocalDateTime}, {@code Instant}, or a time with an offset or zone, all of one class
   */
  public static <T> Measurements<T> of(
      Iterable<T> rows, Function<? super T, ? extends Temporal> time) {
    return new Measurements<>(copy(rows), Objects.requireNonNull(time, "time"), Map.of());
  }

  /** Returns the rows of objects that have a time and one number, as the column {@link #VALUE}. */
  public static <T> Measurements<T> of(
      Iterable<T> rows,
      Function<? super T, ? extends Temporal> time,
      ToDoubleFunction<? super T> value) {
    return of(rows, time).column(VALUE, Objects.requireNonNull(value, "value"));
  }

  private static <T> List<T> copy(Iterable<T> rows) {
    var all = new ArrayList<T>();
    for (T each : rows) {
      if (each == null) {
        throw InputException.at(
            "data", all.size() + 1L, "the object is null", "Leave the object out.");
      }
      all.add(each);
    }
    return List.copyOf(all);
  }

  /** Returns the same with a further column. */
  public Measurements<T> column(String name, ToDoubleFunction<? super T> number) {
    var more = new LinkedHashMap<>(columns);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(number, "number"));
    return new Measurements<>(rows, time, Collections.unmodifiableMap(more));
  }

  /** Returns the same with another name for the only column, where nobody named it. */
  public Measurements<T> named(String name) {
    ToDoubleFunction<? super T> own = columns.get(VALUE);
    return columns.size() == 1 && own != null
        ? new Measurements<>(rows, time, Map.of(name, own))
        : this;
  }

  /** Returns whether rows have times. */
  public boolean hasTimes() {
    return time != null;
  }

  /** Returns the names of the columns, without the time. */
  public List<String> columns() {
    return List.copyOf(columns.keySet());
  }

  /** Returns such as {@code 8,760 rows of [price, load]}. */
  @Override
  public String toString() {
    return Plural.of(rows.size(), "row") + " of " + columns.keySet();
  }

  /** Returns the number of rows. */
  public int size() {
    return rows.size();
  }

  /**
   * Returns a row as a file would have it: its time, if rows have any, in ISO 8601, then its
   * numbers; an unknown number is an empty field.
   */
  public List<String> fields(int row) {
    var fields = new ArrayList<String>();
    if (time != null) {
      Temporal own = time.apply(rows.get(row));
      if (own == null) {
        throw InputException.at("data", row + 1L, "the time is null", "Leave the object out.");
      }
      fields.add(own.toString());
    }
    for (var number : columns.values()) {
      double value = number.applyAsDouble(rows.get(row));
      fields.add(Double.isNaN(value) ? "" : Double.toString(value));
    }
    return fields;
  }
}
