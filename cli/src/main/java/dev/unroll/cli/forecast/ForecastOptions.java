package dev.unroll.cli.forecast;

import dev.unroll.ForecasterTrainer;
import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is forecast from what. */
@KeptInModel
final class ForecastOptions {

  private static final List<Double> USUAL_QUANTILES = List.of(0.1, 0.5, 0.9);

  private static final String QUANTILES = "quantiles";

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "Rows that are read before a forecast. Default: a few seasons, found from the data.")
  @Nullable Integer context;

  @Option(
      names = "--horizon",
      paramLabel = "N",
      description = "Rows that are forecast. Default: a season, found from the data.")
  @Nullable Integer horizon;

  @Option(
      names = "--segment",
      paramLabel = "N",
      description =
          "Rows that the network reads in one step: fewer steps, faster and often better for"
              + " long contexts. Default: 1; a season if a long context is found from the data.")
  @Nullable Integer segment;

  @Option(
      names = "--season",
      paramLabel = "N",
      description =
          "Rows of a season, for MASE and the seasonal-naive forecast. Default: found from"
              + " the data: a year of months, a week of days, a day or a week of hours; 1 if the"
              + " last number is a better forecast.")
  @Nullable Integer season;

  @Option(
      names = "--relative",
      paramLabel = "TO",
      description =
          "What targets are relative to, for series whose level drifts: nothing, last (the"
              + " last number read), window (mean and deviation of those read) or season (the"
              + " number one season before). Default: what fits best, found from the data.")
  @Nullable String relative;

  @Option(
      names = "--recursive",
      description =
          "Forecast one segment at a time and read it as input for the next, instead of the"
              + " whole horizon at once.")
  boolean recursive;

  @Option(
      names = "--each",
      description =
          "Read each target separately, with the same weights and an embedding of the column,"
              + " instead of all together.")
  boolean each;

  @Option(
      names = "--head",
      paramLabel = "KIND",
      defaultValue = "mean",
      description =
          "What is forecast: mean (least squares), median (least absolute error), gaussian"
              + " (mean and deviation) or quantiles. Default: ${DEFAULT-VALUE}.")
  String head = "mean";

  @Option(
      names = "--quantiles",
      paramLabel = "P",
      split = ",",
      defaultValue = "0.1,0.5,0.9",
      description = "Quantiles of --head quantiles. Default: ${DEFAULT-VALUE}.")
  List<Double> quantiles = USUAL_QUANTILES;

  /** Chooses what is forecast from what, and how. */
  void shape(ForecasterTrainer trainer) {
    if (!head.equals(QUANTILES) && !quantiles.equals(USUAL_QUANTILES)) {
      throw new InputException("--quantiles does nothing with --head " + head, "Leave it out.");
    }
    if (context != null) {
      trainer.context(context);
    }
    if (horizon != null) {
      trainer.horizon(horizon);
    }
    if (segment != null) {
      trainer.segment(segment);
    }
    if (relative != null) {
      trainer.relative(Relative.of(relative));
    }
    trainer.recursive(recursive).perTarget(each).head(ForecastSpec.head(head, quantiles));
  }

  /** Chooses what is no part of a network. */
  void data(ForecasterTrainer trainer) {
    if (season != null) {
      trainer.season(season);
    }
  }

  /** Puts what a model has of these options into a map, by their names. */
  static void describe(ForecastSpec own, Map<String, Object> shape) {
    shape.put("--context", own.window().context());
    shape.put("--horizon", own.window().horizon());
    shape.put("--segment", own.window().segment());
    shape.put("--relative", own.relative().label());
    shape.put("--recursive", own.recursive());
    shape.put("--each", own.perTarget());
    shape.put("--head", own.head().label());
    shape.put(
        "--quantiles", own.head() instanceof Regression.Quantiles all ? all.levels() : List.of());
  }

  /** Returns whether each target is read by itself, with an embedding of its column. */
  boolean each() {
    return each;
  }
}
