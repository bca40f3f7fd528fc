package dev.unroll.result;

import dev.unroll.base.InputException;
import dev.unroll.data.Series;
import dev.unroll.file.Numbers;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a series continues, in its own units: a row for each future time.
 *
 * {@snippet :
 * for (Forecast.Row row : forecaster.forecast(Path.of("load.csv"))) {
 *   System.out.println(row.time() + " " + row.point() + " " + row.low() + " " + row.high());
 * }
 * }
 *
 * @param origin the number of rows of the series before the forecast
 * @param rows the rows, in ascending order of time; at least one
 */
public record Forecast(long origin, List<Row> rows) implements Iterable<Forecast.Row> {

  /** Copies the list. */
  public Forecast {
    rows = List.copyOf(rows);
  }

  /**
   * The forecast of one target at one time.
   *
   * @param point the point forecast
   * @param quantiles by their levels, in ascending order; empty if the model gives none
   */
  public record Value(double point, Map<Double, Double> quantiles) {
    /** Copies the map, whose order stays. */
    public Value {
      quantiles = Collections.unmodifiableMap(new LinkedHashMap<>(quantiles));
    }

    /**
     * Returns the quantile of a level: the number below which the true one lies with that
     * probability.
     *
     * @throws InputException if it was not forecast
     */
    public double quantile(double level) {
      Double found = quantiles.get(level);
      if (found == null) {
        throw new InputException(
            String.format(
                Locale.ROOT, "no quantile %s was forecast, among %s", level, quantiles.keySet()),
            "Ask for its level, or train with {interval} or {head quantiles}.");
      }
      return found;
    }

    /**
     * Returns the lower end of the interval: the quantile of the lowest level.
     *
     * @throws InputException if the model gives no interval
     */
    public double low() {
      return ends().getFirst();
    }

    /**
     * Returns the upper end of the interval: the quantile of the highest level.
     *
     * @throws InputException if the model gives no interval
     */
    public double high() {
      return ends().getLast();
    }

    private List<Double> ends() {
      if (quantiles.size() < 2) {
        throw new InputException(
            "the model forecasts no interval",
            "Train with {interval}, or with {head} gaussian or quantiles.");
      }
      return List.copyOf(quantiles.values());
    }

    /** Returns such as {@code 431.2 (402.5 … 460.1)}. */
    @Override
    public String toString() {
      String guess = Numbers.rounded(point);
      return quantiles.size() < 2
          ? guess
          : guess + " (" + Numbers.rounded(low()) + " … " + Numbers.rounded(high()) + ")";
    }
  }

  /**
   * The forecast for one time.
   *
   * @param time the time as the series writes it; the number of the row, from 1, where it has no
   *     times
   * @param dateTime the time as clocks show it there, where the series has times
   * @param values by the names of the targets, in their order; one or more
   */
  public record Row(String time, Optional<LocalDateTime> dateTime, Map<String, Value> values) {
    /** Copies the map, whose order stays. */
    public Row {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Returns the forecast of a target.
     *
     * @throws InputException if there is none of that name
     */
    public Value of(String target) {
      Value found = values.get(target);
      if (found == null) {
        throw new InputException(
            String.format(Locale.ROOT, "no target is called %s, among %s", target, values.keySet()),
            "Name one of them.");
      }
      return found;
    }

    private Value first() {
      return values.values().iterator().next();
    }

    /** Returns the point forecast for the first target. */
    public double point() {
      return first().point();
    }

    /** Returns the lower end of the interval of the first target, as {@link Value#low} does. */
    public double low() {
      return first().low();
    }

    /** Returns the upper end of the interval of the first target, as {@link Value#high} does. */
    public double high() {
      return first().high();
    }

    /** Returns a quantile of the first target, as {@link Value#quantile} does. */
    public double quantile(double level) {
      return first().quantile(level);
    }

    /** Returns such as {@code 1961-01: 431.2 (402.5 … 460.1)}. */
    @Override
    public String toString() {
      return values.entrySet().stream()
          .map(
              each ->
                  values.size() == 1 ? "" + each.getValue() : each.getKey() + " " + each.getValue())
          .collect(Collectors.joining(", ", time + ": ", ""));
    }
  }

  /** Returns the forecasts from some rows of a series, of which each begins where one ends. */
  public static Forecast of(
      Series.Timed series, List<String> targets, int[] origins, List<Computed> found) {
    var rows = new ArrayList<Row>();
    for (int i = 0; i < origins.length; i++) {
      Computed own = found.get(i);
      for (int row = 0; row < own.points().length; row++) {
        int place = origins[i] + row;
        rows.add(new Row(series.label(place), series.time(place), values(targets, own, row)));
      }
    }
    return new Forecast(origins[0], rows);
  }

  /** Returns the forecast after rows that have no times: those that follow are numbered. */
  public static Forecast after(long read, List<String> targets, Computed found) {
    var rows = new ArrayList<Row>();
    for (int row = 0; row < found.points().length; row++) {
      String number = Long.toString(read + row + 1);
      rows.add(new Row(number, Optional.empty(), values(targets, found, row)));
    }
    return new Forecast(read, rows);
  }

  private static Map<String, Value> values(List<String> targets, Computed found, int row) {
    var values = new LinkedHashMap<String, Value>();
    for (int target = 0; target < targets.size(); target++) {
      var quantiles = new LinkedHashMap<Double, Double>();
      for (int i = 0; i < found.levels().size(); i++) {
        quantiles.put(found.levels().get(i), found.quantiles()[i][row][target]);
      }
      values.put(targets.get(target), new Value(found.points()[row][target], quantiles));
    }
    return values;
  }

  /** Returns the names of what is forecast. */
  public List<String> targets() {
    return List.copyOf(rows.getFirst().values().keySet());
  }

  /** Returns the point forecasts for the first target. */
  public List<Double> points() {
    return rows.stream().map(Row::point).toList();
  }

  /** Returns the point forecasts for a target. */
  public List<Double> points(String target) {
    return rows.stream().map(row -> row.of(target).point()).toList();
  }

  @Override
  public Iterator<Row> iterator() {
    return rows.iterator();
  }

  /** Returns a line for each row. */
  @Override
  public String toString() {
    return rows.stream().map(Row::toString).collect(Collectors.joining("\n"));
  }

  /**
   * What was forecast from one origin, while it is computed, in the units of the series.
   *
   * @param points the point forecast, [horizon][targets]
   * @param levels levels of the quantiles that were asked for
   * @param quantiles of each level, [levels][horizon][targets]
   */
  public record Computed(double[][] points, List<Double> levels, double[][][] quantiles) {

    public Computed(int horizon, int targets, List<Double> levels) {
      this(new double[horizon][targets], levels, new double[levels.size()][horizon][targets]);
    }

    /** Returns whether all numbers are finite. */
    public boolean isFinite() {
      return Stream.concat(Arrays.stream(points), Arrays.stream(quantiles).flatMap(Arrays::stream))
          .flatMapToDouble(Arrays::stream)
          .allMatch(Double::isFinite);
    }
  }
}
