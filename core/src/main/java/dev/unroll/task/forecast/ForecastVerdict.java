package dev.unroll.task.forecast;

import dev.unroll.file.InputException;
import dev.unroll.file.Numbers;
import dev.unroll.measure.ForecastScore;
import dev.unroll.task.forecast.ForecastSpec.Relative;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Whether a network forecasts better than repeating what was, on the part that chose it.
 *
 * @param measure what the figures are: MASE, or MAE where that is not defined
 * @param network the network's figure
 * @param seasonalNaive that of the number one season before
 * @param lastNumber that of the last number
 * @param advice what to try next, where the network does not beat both, the most promising first;
 *     keys of options stand in braces
 */
public record ForecastVerdict(
    String measure, double network, double seasonalNaive, double lastNumber, List<String> advice) {

  /** Units of a network that has little to learn from. */
  private static final int SMALL = 32;

  /** Copies the list. */
  public ForecastVerdict {
    advice = List.copyOf(advice);
  }

  static ForecastVerdict of(Forecaster model, ForecastScore score) {
    int horizon = model.forecasting().window().horizon();
    var own = score.measures(0, horizon);
    var naive = score.naive(0, horizon);
    var last = score.last(0, horizon);
    boolean scaled = !Double.isNaN(own.mase());
    var found =
        new ForecastVerdict(
            scaled ? "MASE" : "MAE",
            scaled ? own.mase() : own.mae(),
            scaled ? naive.mase() : naive.mae(),
            scaled ? last.mase() : last.mae(),
            List.of());
    return found.beats() || Double.isNaN(found.network)
        ? found
        : new ForecastVerdict(
            found.measure, found.network, found.seasonalNaive, found.lastNumber, advice(model));
  }

  /** Returns whether the network is better than both. */
  public boolean beats() {
    return network < seasonalNaive && network < lastNumber;
  }

  /**
   * Returns what to say about it, a line each; nothing where nothing could be measured.
   *
   * @param option how an option is called, by its key
   */
  public List<String> lines(UnaryOperator<String> option) {
    if (Double.isNaN(network)) {
      return List.of();
    }
    boolean lastIsBetter = lastNumber < seasonalNaive;
    double best = Math.min(seasonalNaive, lastNumber);
    var lines = new ArrayList<String>();
    lines.add(
        String.format(
            Locale.ROOT,
            "validation %s %s; seasonal naive %s%s: %s",
            measure,
            figure(network),
            figure(seasonalNaive),
            lastIsBetter ? ", last number " + figure(lastNumber) : "",
            beats()
                ? String.format(Locale.ROOT, "%.0f%% less error", 100 * (1 - network / best))
                : "the network does not beat it"));
    if (!advice.isEmpty()) {
      lines.add(InputException.worded("Try:   " + String.join("; or ", advice) + ".", option));
    }
    return lines;
  }

  private String figure(double value) {
    return measure.equals("MASE")
        ? String.format(Locale.ROOT, "%.3f", value)
        : Numbers.rounded(value);
  }

  private static List<String> advice(Forecaster model) {
    var advice = new ArrayList<String>();
    ForecastSpec forecasting = model.forecasting();
    boolean seasonal = model.season() > 1 && forecasting.window().context() >= model.season();
    if (seasonal && forecasting.relative() != Relative.SEASON) {
      advice.add("{relative season}, which begins where the seasonal naive forecast is");
    } else if (!seasonal && forecasting.relative() != Relative.LAST) {
      advice.add("{relative last}, which begins where the last number is");
    } else if (model.network().description().network().layers().stream()
        .anyMatch(layer -> layer.units() > SMALL)) {
      advice.add("a smaller network, such as {units " + SMALL + "}");
    }
    if (forecasting.known().isEmpty()) {
      advice.add("what else is known: {calendar}, {known}");
    }
    advice.add("more rows. Until then, repeat what was");
    return advice;
  }
}
