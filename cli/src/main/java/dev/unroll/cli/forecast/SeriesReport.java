package dev.unroll.cli.forecast;

import dev.unroll.cli.report.Digits;
import dev.unroll.cli.report.Report;
import dev.unroll.file.Json;
import dev.unroll.result.ForecastScore;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How good forecasts of several series are: of each, and the means over them.
 *
 * @param horizon rows of a forecast
 * @param season rows of a season; if it is one, the simple forecasts are the same
 * @param scores what was measured, by the names of the series
 */
record SeriesReport(int horizon, int season, Map<String, ForecastScore> scores) implements Report {

  @Override
  public void print(PrintWriter out) {
    int width = Math.max(12, scores.keySet().stream().mapToInt(String::length).max().orElse(0));
    String form = "%-" + width + "s %8s %12s %12s %8s  %12s %8s";
    out.println(
        String.format(
            Locale.ROOT,
            form,
            "series",
            "origins",
            "MAE",
            "RMSE",
            "MASE",
            ForecastReport.simple(season),
            "MASE"));
    scores.forEach(
        (name, score) -> {
          var own = score.measures(0, horizon);
          var naive = score.naive(0, horizon);
          out.println(
              String.format(
                  Locale.ROOT,
                  form,
                  name,
                  score.origins(),
                  Digits.measure(own.mae()),
                  Digits.measure(own.rmse()),
                  ForecastReport.mase(own.mase()),
                  Digits.measure(naive.mae()),
                  ForecastReport.mase(naive.mase())));
        });
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "mean MASE of %,d series %s%s, last number %s",
            scores.size(),
            ForecastReport.mase(mean(score -> score.measures(0, horizon).mase())),
            season == 1
                ? ""
                : ", seasonal naive "
                    + ForecastReport.mase(mean(score -> score.naive(0, horizon).mase())),
            ForecastReport.mase(mean(score -> score.last(0, horizon).mase()))));
  }

  /** Returns the mean over the series of which a measure is defined. */
  private double mean(ToDoubleFunction<ForecastScore> measure) {
    return scores.values().stream()
        .mapToDouble(measure)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  @Override
  public Map<String, Object> fields() {
    var series = new LinkedHashMap<String, Object>();
    scores.forEach(
        (name, score) ->
            series.put(
                name,
                Json.object(
                    "origins",
                    score.origins(),
                    "forecast",
                    ForecastReport.fields(score.measures(0, horizon)),
                    "seasonalNaive",
                    ForecastReport.fields(score.naive(0, horizon)),
                    "lastNumber",
                    ForecastReport.fields(score.last(0, horizon)))));
    return Json.object(
        "meanMase",
        mean(score -> score.measures(0, horizon).mase()), // not defined: NaN, in JSON null
        "meanMaseOfSeasonalNaive",
        mean(score -> score.naive(0, horizon).mase()),
        "meanMaseOfLastNumber",
        mean(score -> score.last(0, horizon).mase()),
        "series",
        series);
  }
}
