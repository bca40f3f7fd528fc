package dev.unroll.cli.forecast;

import dev.unroll.cli.report.Digits;
import dev.unroll.cli.report.Report;
import dev.unroll.file.Json;
import dev.unroll.model.Forecaster;
import dev.unroll.result.ForecastScore;
import dev.unroll.text.table.SeriesTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How good forecasts of a series are, for people and for machines.
 *
 * @param forecaster what forecasts
 * @param read the series
 * @param first the first row that is measured
 * @param score what was measured
 * @param shown rows of the horizon that have a line of their own, from 1
 * @param covers heading of the columns of intervals; empty without
 */
record ForecastReport(
    Forecaster forecaster,
    SeriesTable.Read read,
    int first,
    ForecastScore score,
    List<Integer> shown,
    String covers)
    implements Report {

  @Override
  public void print(PrintWriter out) {
    int horizon = forecaster.forecasting().window().horizon();
    out.println(
        "%,d rows from %s to %s; %,d origins, horizon %,d, season %,d"
            .formatted(
                read.series().size() - first,
                read.label(first),
                read.label(read.series().size() - 1),
                score.origins(),
                horizon,
                forecaster.season()));
    out.println();
    out.println(
        "%-12s %12s %12s %9s %8s  %12s %8s%s"
            .formatted(
                "horizon",
                "MAE",
                "RMSE",
                "sMAPE",
                "MASE",
                simple(forecaster.season()),
                "MASE",
                covers));
    for (int row : shown) {
      line(out, Integer.toString(row), score.measures(row - 1, row), score.naive(row - 1, row));
    }
    line(out, "all", score.measures(0, horizon), score.naive(0, horizon));
    List<String> targets = forecaster.forecasting().targets();
    for (int target = 0; targets.size() > 1 && target < targets.size(); target++) {
      line(out, targets.get(target), score.ofTarget(target), score.naiveOfTarget(target));
    }
    ForecastScore.Measures last = score.last(0, horizon);
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "mean squared error of standardized numbers  %.4f   (%slast number %.4f)",
            score.measures(0, horizon).standardized(),
            hasSeason()
                ? String.format(
                    Locale.ROOT, "seasonal naive %.4f, ", score.naive(0, horizon).standardized())
                : "",
            last.standardized()));
    if (!hasSeason()) {
      return; // the columns beside those of the model have it already
    }
    out.println(
        String.format(
            Locale.ROOT,
            "the last number again: MAE %s, RMSE %s, MASE %s",
            Digits.measure(last.mae()),
            Digits.measure(last.rmse()),
            mase(last.mase())));
  }

  private boolean hasSeason() {
    return forecaster.season() > 1;
  }

  /**
   * Returns the heading of the simple forecast: what was a season before is the last number where a
   * season is one row.
   */
  static String simple(int season) {
    return season == 1 ? "last MAE" : "naive MAE";
  }

  /** Returns a MASE as people read it; it is not defined where the training part repeats itself. */
  static String mase(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static void line(
      PrintWriter out, String name, ForecastScore.Measures own, ForecastScore.Measures naive) {
    String coverage =
        Double.isNaN(own.coverage())
            ? ""
            : String.format(Locale.ROOT, "  %8.1f%% %12.4g", 100 * own.coverage(), own.width());
    out.println(
        String.format(
            Locale.ROOT,
            "%-12s %12s %12s %8.2f%% %8s  %12s %8s%s",
            name,
            Digits.measure(own.mae()),
            Digits.measure(own.rmse()),
            own.smape(),
            mase(own.mase()),
            Digits.measure(naive.mae()),
            mase(naive.mase()),
            coverage));
  }

  @Override
  public Map<String, Object> fields() {
    int horizon = forecaster.forecasting().window().horizon();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("origins", score.origins());
    fields.put("season", forecaster.season());
    fields.put("all", fields(score.measures(0, horizon)));
    fields.put("seasonalNaive", fields(score.naive(0, horizon)));
    fields.put("lastNumber", fields(score.last(0, horizon)));
    var rows = new ArrayList<Object>();
    for (int row = 0; row < horizon; row++) {
      rows.add(
          Json.object(
              "row",
              row + 1,
              "forecast",
              fields(score.measures(row, row + 1)),
              "seasonalNaive",
              fields(score.naive(row, row + 1))));
    }
    fields.put("byHorizon", rows);
    var targets = new LinkedHashMap<String, Object>();
    List<String> names = forecaster.forecasting().targets();
    for (int target = 0; target < names.size(); target++) {
      targets.put(
          names.get(target),
          Json.object(
              "forecast",
              fields(score.ofTarget(target)),
              "seasonalNaive",
              fields(score.naiveOfTarget(target))));
    }
    fields.put("byTarget", targets);
    return fields;
  }

  /** Returns measures by their names. */
  static Map<String, Object> fields(ForecastScore.Measures measures) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("mae", measures.mae());
    fields.put("rmse", measures.rmse());
    fields.put("smape", measures.smape());
    fields.put("mase", Double.isNaN(measures.mase()) ? null : measures.mase());
    fields.put("standardizedSquaredError", measures.standardized());
    if (!Double.isNaN(measures.coverage())) {
      fields.put("coverage", measures.coverage());
      fields.put("intervalWidth", measures.width());
    }
    return fields;
  }
}
