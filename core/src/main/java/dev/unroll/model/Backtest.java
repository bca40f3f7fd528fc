package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.SeriesFormat;
import dev.unroll.data.Measurements;
import dev.unroll.data.Series;
import dev.unroll.result.Forecast;
import dev.unroll.result.ForecastScore;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.SeasonalNaive;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Evaluates forecasts from many origins of a series (backtesting): each uses only what was known at
 * its origin, and all use the same model.
 */
public final class Backtest {

  /** Forecasts that are held at a time. */
  private static final int TOGETHER = 256;

  private Backtest() {}

  /**
   * Evaluates a model on a whole file, from every possible row, with all processors and the
   * outermost quantiles of {@link Forecaster#usualLevels} as the interval.
   *
   * @throws InputException if the file does not fit the model, or there is no origin
   */
  public static ForecastScore of(Forecaster model, Path file) {
    return of(model, SeriesFormat.find().read(file, wanted(model)));
  }

  /** Evaluates a model on measurements from memory, in the same way. */
  public static ForecastScore of(Forecaster model, Measurements<?> rows) {
    return of(model, SeriesFormat.find().read(model.named(rows), wanted(model)));
  }

  private static SeriesFormat.Wanted wanted(Forecaster model) {
    return new SeriesFormat.Wanted(model.provenance(), model.forecasting().columns(), List.of(), 0);
  }

  private static ForecastScore of(Forecaster model, Series.Timed read) {
    List<Double> levels = model.usualLevels();
    List<Double> ends =
        levels.size() < 2 ? List.of() : List.of(levels.getFirst(), levels.getLast());
    return Workers.use(TOGETHER, workers -> of(model, read.series(), 0, 1, ends, workers));
  }

  /**
   * Evaluates a model on a series.
   *
   * @param first the first row that is forecast; earlier rows are context only
   * @param stride rows between two origins
   * @param levels the ends of an interval, or nothing
   * @throws InputException if there is no origin
   */
  public static ForecastScore of(
      Forecaster model,
      Series series,
      int first,
      int stride,
      List<Double> levels,
      Workers workers) {
    Objects.requireNonNull(workers, "workers");
    ForecastSpec forecasting = model.forecasting();
    Series own = series.select(forecasting.columns());
    int least = Math.max(forecasting.window().context(), model.season());
    int last = own.size() - forecasting.window().horizon();
    if (Math.max(first, least) > last) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: nothing can be measured on %,d rows, from row %,d on: a context of %,d (and a season of %,d before a forecast) and a horizon of %,d need more",
              series.name(),
              own.size(),
              first + 1,
              forecasting.window().context(),
              model.season(),
              forecasting.window().horizon()),
          "Give a longer series, or begin earlier.");
    }
    var score = empty(model);
    add(score, model, own, new Origins(Math.max(first, least), stride, levels), workers);
    return score;
  }

  /** The rows that are forecast first, {@code stride} apart, and the ends of their intervals. */
  private record Origins(int begin, int stride, List<Double> levels) {
    Origins {
      if (stride < 1) {
        throw new InputException(
            String.format(Locale.ROOT, "a stride of %,d rows", stride), "It is 1 or more.");
      }
    }
  }

  /** Returns a score in which nothing is measured yet. */
  private static ForecastScore empty(Forecaster model) {
    return new ForecastScore(
        model.forecasting().window().horizon(), model.scaling().deviations(), model.naiveErrors());
  }

  /**
   * Evaluates a model on one of several series, in units of that series: MASE is relative to the
   * seasonal-naive forecast of the rows before {@code first}, or of all rows if these are too few.
   *
   * @param first the first row that is forecast
   * @param stride rows between two origins
   * @throws InputException if there is no origin
   */
  public static ForecastScore ofOne(
      Forecaster model, Series series, int first, int stride, Workers workers) {
    Objects.requireNonNull(workers, "workers");
    Series own = series.select(model.forecasting().columns());
    int targets = model.forecasting().targets().size();
    int season = model.season();
    Series before = own.rows(0, first > 2 * season ? first : own.size());
    var errors = SeasonalNaive.errors(List.of(before), targets, season);
    var window = model.forecasting().window();
    var score = new ForecastScore(window.horizon(), model.scaling().deviations(), errors);
    int begin = Math.max(first, Math.max(window.context(), season));
    if (begin > own.size() - window.horizon()) {
      throw new InputException(
          String.format(
              Locale.ROOT, "%s: %,d rows are too few to measure", series.name(), own.size()),
          "Give a longer series, or begin earlier.");
    }
    add(score, model, own, new Origins(begin, stride, List.of()), workers);
    return score;
  }

  /**
   * Evaluates the point forecasts of a model on several series together, from every row that has
   * enough context; none if all series are too short.
   */
  public static ForecastScore of(Forecaster model, List<Series> all, Workers workers) {
    Objects.requireNonNull(workers, "workers");
    var score = empty(model);
    var window = model.forecasting().window();
    int least = Math.max(window.context(), model.season());
    for (Series each : all) {
      Series own = each.select(model.forecasting().columns());
      if (least <= own.size() - window.horizon()) {
        add(score, model, own, new Origins(least, 1, List.of()), workers);
      }
    }
    return score;
  }

  private static void add(
      ForecastScore score, Forecaster model, Series own, Origins origins, Workers workers) {
    List<Double> levels = origins.levels();
    int stride = origins.stride();
    int begin = origins.begin();
    int last = own.size() - model.forecasting().window().horizon();
    int count = (last - begin) / stride + 1;
    for (int from = 0; from < count; from += TOGETHER) {
      int[] some = new int[Math.min(TOGETHER, count - from)];
      int base = from;
      Arrays.setAll(some, i -> begin + (base + i) * stride);
      var found = model.numbers(own, some, levels, workers);
      for (int i = 0; i < some.length; i++) {
        add(score, own, some[i], found.get(i), model);
      }
    }
  }

  private static void add(
      ForecastScore score, Series series, int origin, Forecast.Computed found, Forecaster model) {
    double[][] rows = series.rows();
    double[][][] ends = found.quantiles();
    boolean measured = false;
    for (int row = 0; row < found.points().length; row++) {
      for (int target = 0; target < found.points()[row].length; target++) {
        double y = rows[origin + row][target];
        double seasonBefore = SeasonalNaive.forecast(series, origin, row, target, model.season());
        double last = SeasonalNaive.last(series, origin, target);
        if (model.forecasting().masked() && Double.isNaN(y + seasonBefore + last)) {
          continue; // nothing to compare
        }
        if (!Double.isFinite(y)) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "%s: row %,d has no number in column %s",
                  series.name(),
                  origin + row + 1,
                  series.columns().get(target)),
              "Nothing can be measured there: fill it in, or leave the row out.");
        }
        double point = found.points()[row][target];
        var forecasts = new ForecastScore.Forecasts(point, seasonBefore, last);
        score.add(row, target, y, forecasts);
        measured = true;
        if (ends.length > 0) {
          score.addInterval(row, target, y, ends[0][row][target], ends[1][row][target]);
        }
      }
    }
    if (measured) {
      score.addOrigin();
    }
  }
}
