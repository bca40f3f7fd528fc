package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.data.Series;
import dev.unroll.result.Forecast;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.Locale;

/** What the rows must have that a forecast is made of. */
final class ForecastRows {

  private ForecastRows() {}

  /** Refuses a forecast of which a number is not finite. */
  static void checkFinite(Series own, int origin, Forecast.Computed forecast) {
    if (!forecast.isFinite()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: the forecast from row %,d on is not a finite number",
              own.name(),
              origin + 1),
          "Numbers before it, or the model's, are too large: correct them, or train on such numbers.");
    }
  }

  /** Refuses windows of which a number that is to be read is not there. */
  static void check(Series own, int[] origins, ForecastSpec forecasting) {
    int context = forecasting.window().context();
    int past = forecasting.targets().size() + forecasting.observed().size();
    int horizon = forecasting.window().horizon();
    boolean onward = !forecasting.known().isEmpty();
    for (int origin : origins) {
      if (origin < context) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: a forecast from row %,d on needs %,d rows before it",
                own.name(),
                origin + 1,
                context),
            "Give a longer series, or train with a smaller context.");
      }
      if (origin > own.size()) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: a forecast from row %,d on needs the rows before it, of which there are %,d",
                own.name(),
                origin + 1,
                own.size()),
            "Give a longer series, or forecast from an earlier row on.");
      }
      if (!forecasting.masked()) {
        checkRows(
            own, origin - context, origin, 0, "Fill it in: all numbers that are read are needed.");
      }
      String fix =
          String.format(
              Locale.ROOT,
              "Let the file continue for %,d rows, with the targets empty and all known columns filled in.",
              horizon);
      if (onward && origin + horizon > own.size()) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: the known columns of row %,d are not there",
                own.name(),
                own.size() + 1),
            fix);
      }
      if (!forecasting.masked()) {
        checkRows(own, origin, onward ? origin + horizon : origin, past, fix);
      }
    }
  }

  /** Refuses rows of which a column from {@code first} on has no number. */
  private static void checkRows(Series own, int from, int to, int first, String fix) {
    for (int row = from; row < to; row++) {
      for (int column = first; column < own.columns().size(); column++) {
        if (!Double.isFinite(own.rows()[row][column])) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "%s: row %,d has no number in column %s",
                  own.name(),
                  row + 1,
                  own.columns().get(column)),
              fix);
        }
      }
    }
  }
}
