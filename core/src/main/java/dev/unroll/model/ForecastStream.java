package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.data.Series;
import dev.unroll.file.Plural;
import dev.unroll.result.Forecast;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.List;
import java.util.Locale;

/**
 * Reads measurements as they arrive, row by row, and forecasts after any of them with the same bits
 * as {@link Forecaster#forecast(Series, double...)} for the whole series. It keeps only the rows of
 * one context, however long it runs. For one thread; any number of streams can share a model.
 *
 * {@snippet :
 * var stream = forecaster.stream();
 * for (double measured : measurements) {
 *   if (stream.isReady()) {
 *     System.out.println(stream.next().rows().getFirst() + ", measured " + measured);
 *   }
 *   stream.read(measured);
 * }
 * }
 */
public final class ForecastStream {

  /** Forecasts after the last row of a series: of quantiles of some levels, none for the usual. */
  interface Numbers {
    Forecast.Computed of(Series series, double... levels);
  }

  private final Numbers numbers;
  private final List<String> columns;
  private final List<String> targets;
  private final boolean masked;

  /** The rows of the context, the oldest first; empty rows until as many were read. */
  private final double[][] window;

  private long read;

  ForecastStream(ForecastSpec forecasting, Numbers numbers) {
    this.numbers = numbers;
    if (!forecasting.known().isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the model reads columns that are known ahead (%s), which a stream does not have",
              String.join(", ", forecasting.known())),
          "Forecast from measurements that have them, or train without them: {calendar none}.");
    }
    columns = forecasting.columns();
    targets = forecasting.targets();
    masked = forecasting.masked();
    window = new double[forecasting.window().context()][columns.size()];
  }

  /**
   * Reads one row.
   *
   * @param row of the model's columns in their order: targets, then observed ones
   * @throws InputException if there are more or fewer, or one is not a finite number
   */
  public void read(double... row) {
    if (row.length != columns.size()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "row %,d has %d numbers, and the model reads %d (%s)",
              read + 1,
              row.length,
              columns.size(),
              String.join(", ", columns)),
          "Give one number of each.");
    }
    for (int column = 0; column < row.length; column++) {
      boolean missing = masked && Double.isNaN(row[column]);
      if (!missing && !(Math.abs(row[column]) <= Series.LARGEST)) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "row %,d has %s in column %s",
                read + 1,
                row[column],
                columns.get(column)),
            "Leave out what was not measured, or give the last number again.");
      }
    }
    read++;
    if (window.length > 0) {
      double[] oldest = window[0];
      System.arraycopy(window, 1, window, 0, window.length - 1);
      System.arraycopy(row, 0, oldest, 0, row.length);
      window[window.length - 1] = oldest;
    }
  }

  /**
   * What a stream has read; another stream of the model can continue from it.
   *
   * @param size the number of rows that were read
   * @param window the last of them, [context][columns], the oldest first
   */
  public record State(long size, double[][] window) {}

  /** Returns a copy of what was read. */
  public State state() {
    double[][] copy = new double[window.length][];
    for (int row = 0; row < window.length; row++) {
      copy[row] = window[row].clone();
    }
    return new State(read, copy);
  }

  /**
   * Continues from what another stream of the model has read.
   *
   * @throws IllegalArgumentException if it is not one of this model
   */
  public void restore(State state) {
    boolean fits = state.size >= 0 && state.window.length == window.length;
    for (int row = 0; fits && row < window.length; row++) {
      fits = state.window[row].length == columns.size();
    }
    if (!fits) {
      throw new IllegalArgumentException("the state is not one of this model");
    }
    read = state.size;
    for (int row = 0; row < window.length; row++) {
      System.arraycopy(state.window[row], 0, window[row], 0, columns.size());
    }
  }

  /** Returns the number of rows that were read. */
  public long size() {
    return read;
  }

  /** Returns whether as many rows were read as the model needs before it can forecast. */
  public boolean isReady() {
    return read >= window.length;
  }

  /**
   * Forecasts the rows that follow; they are numbered from the first one that was read.
   *
   * @param levels levels of the wanted quantiles; none for {@link Forecaster#usualLevels}
   * @throws InputException if fewer rows were read than the model needs, or the model has no such
   *     quantiles
   */
  public Forecast next(double... levels) {
    if (!isReady()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s read, and the model needs %,d before it forecasts",
              Plural.of(read, "row"),
              window.length),
          "Read more of them, or train with a smaller context.");
    }
    var series = new Series("stream", columns, window);
    return Forecast.after(read, targets, numbers.of(series, levels));
  }
}
