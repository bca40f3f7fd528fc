package dev.unroll.task.forecast;

import dev.unroll.data.Series;
import dev.unroll.file.Plural;
import dev.unroll.result.Overview;
import dev.unroll.task.OverviewBuilder;
import java.util.List;
import java.util.Locale;

/** What is said of series before training. */
final class ForecastOverview {

  private ForecastOverview() {}

  static Overview of(ForecastSpec forecasting, ForecasterRun.Parts data) {
    ForecastSpec.Window window = forecasting.window();
    var overview = new OverviewBuilder();
    int series = data.training().size();
    overview.value("series", series);
    overview.parts(
        "window",
        windows(data.training(), window.rows()),
        windows(data.validation(), window.rows()),
        (series == 1 ? "" : "; " + String.format(Locale.ROOT, "%,d series", series)));
    overview.value("context", window.context());
    overview.value("horizon", window.horizon());
    overview.value("season", data.season());
    overview.fact(
        "window",
        String.format(
            Locale.ROOT,
            "%s read, %,d forecast: %s; %s",
            Plural.of(window.context(), "row"),
            window.horizon(),
            String.join(", ", forecasting.targets()),
            data.season() == 1 ? "no season" : "season of " + Plural.of(data.season(), "row")));
    return overview.build();
  }

  private static long windows(List<Series> all, int rows) {
    return all.stream().mapToLong(each -> Math.max(0, each.size() - rows + 1)).sum();
  }
}
