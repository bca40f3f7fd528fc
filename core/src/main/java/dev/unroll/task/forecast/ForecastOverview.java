package dev.unroll.task.forecast;

import dev.unroll.data.Series;
import dev.unroll.file.Plural;
import dev.unroll.result.Overview;
import dev.unroll.task.OverviewBuilder;
import java.util.List;
import java.util.Locale;

/** What is reported about series before training. */
final class ForecastOverview {

  private ForecastOverview() {}

  static Overview of(
      ForecastSpec forecasting, List<Series> training, List<Series> validation, int season) {
    ForecastSpec.Window window = forecasting.window();
    var overview = new OverviewBuilder();
    int series = training.size();
    overview.value("series", series);
    overview.parts(
        "window",
        windows(training, window.rows()),
        windows(validation, window.rows()),
        (series == 1 ? "" : "; " + String.format(Locale.ROOT, "%,d series", series)));
    overview.value("context", window.context());
    overview.value("horizon", window.horizon());
    overview.value("season", season);
    overview.fact(
        "window",
        String.format(
            Locale.ROOT,
            "%s read, %,d forecast: %s; %s",
            Plural.of(window.context(), "row"),
            window.horizon(),
            String.join(", ", forecasting.targets()),
            season == 1 ? "no season" : "season of " + Plural.of(season, "row")));
    return overview.build();
  }

  private static long windows(List<Series> all, int rows) {
    return all.stream().mapToLong(each -> Math.max(0, each.size() - rows + 1)).sum();
  }
}
