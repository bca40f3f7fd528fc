package dev.unroll.cli.forecast;

import dev.unroll.base.InputException;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Regression;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How wide the intervals of a forecast are. */
final class IntervalOption {

  private static final double USUAL = 80;

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      description =
          "Print intervals that hold this share of the numbers, for models with --head"
              + " gaussian or with quantiles at both ends. Default: 80; for quantiles, between the"
              + " outermost.")
  @Nullable Double percent;

  /** Returns the levels of the two ends, or nothing where the model gives no intervals. */
  List<Double> levels(Forecaster model) {
    Double share = percent;
    if (share != null && !(share > 0 && share < 100)) {
      throw new InputException("--interval is " + share, "It must be in (0, 100).");
    }
    if (share != null) {
      double low = Math.rint((100 - share) * 5e5) / 1e8; // of 80 exactly 0.1
      return List.of(low, Math.rint((1 - low) * 1e8) / 1e8);
    }
    var head = model.forecasting().head();
    if (head instanceof Regression.Gaussian) {
      return List.of((100 - USUAL) / 200, (100 + USUAL) / 200);
    }
    return head instanceof Regression.Quantiles quantiles && quantiles.levels().size() > 1
        ? List.of(quantiles.levels().getFirst(), quantiles.levels().getLast())
        : List.of();
  }

  /** Returns the heading of the columns that tell how the intervals are; empty where none are. */
  String title(Forecaster model) {
    var levels = levels(model);
    return levels.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "  %9s %12s",
            String.format(Locale.ROOT, "in %.0f%%", 100 * (levels.get(1) - levels.get(0))),
            "width");
  }
}
