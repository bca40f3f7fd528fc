package dev.unroll.cli.forecast;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.file.InputException;
import dev.unroll.network.Network;
import dev.unroll.task.forecast.ForecastDefaults;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.text.table.ForecastData;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is forecast from what. */
@KeptInModel
final class ForecastOptions {

  private static final List<Double> USUAL_QUANTILES = List.of(0.1, 0.5, 0.9);

  /** Numbers of an embedding of columns, where nothing is said. */
  private static final int EMBEDDING = 16;

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "Rows that are read before a forecast. Default: some seasons, found from the data.")
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
          "Rows that a step of the network reads at once: fewer steps, faster and often better where"
              + " contexts are long. Default: 1; where a long context is found from the data, a season.")
  @Nullable Integer segment;

  @Option(
      names = "--season",
      paramLabel = "N",
      description =
          "Rows of a season, for MASE and the seasonal-naive forecast. Default: found from the data: a year of"
              + " months, a week of days, a day or a week of hours; 1 where the last number is nearer.")
  @Nullable Integer season;

  @Option(
      names = "--relative",
      paramLabel = "TO",
      description =
          "What the targets of a window are taken relative to: nothing, last (the last number read), window"
              + " (mean and deviation of those read) or season (the number one season before): for series"
              + " whose level drifts. Default: the nearest, found from the data.")
  @Nullable String relative;

  @Option(
      names = "--recursive",
      description =
          "Forecast a segment at a time and read it in turn, instead of the whole horizon at once.")
  boolean recursive;

  @Option(
      names = "--each",
      description =
          "Read each target alone, all with the same weights and an embedding of the column, instead of all"
              + " together.")
  boolean each;

  @Option(
      names = "--head",
      paramLabel = "KIND",
      defaultValue = "mean",
      description =
          "What is forecast: mean (least squares), median (least absolute errors), gaussian (mean and"
              + " deviation) or quantiles. Default: ${DEFAULT-VALUE}.")
  String head = "mean";

  @Option(
      names = "--quantiles",
      paramLabel = "P",
      split = ",",
      defaultValue = "0.1,0.5,0.9",
      description = "Which quantiles. Default: ${DEFAULT-VALUE}.")
  List<Double> quantiles = USUAL_QUANTILES;

  /** An option that would do nothing is a mistake. */
  void check() {
    if (!head.equals("quantiles") && !quantiles.equals(USUAL_QUANTILES)) {
      throw new InputException("--quantiles does nothing with --head " + head, "Leave it out.");
    }
  }

  /** Returns what the user chose. */
  ForecastData.Choice choice(ColumnOptions columns) {
    var asked =
        new ForecastDefaults.Asked(
            context,
            horizon,
            segment,
            season,
            relative == null ? null : ForecastSpec.Relative.of(relative),
            !columns.known().isEmpty());
    return new ForecastData.Choice(
        columns.targets(),
        columns.allTargets(),
        columns.observed(),
        columns.known(),
        columns.statics(),
        columns.calendar(),
        columns.gaps(),
        asked,
        recursive,
        each,
        ForecastSpec.head(head, quantiles));
  }

  /** Returns whether each target is read by itself, with an embedding of its column. */
  boolean each() {
    return each;
  }

  /** Returns the layers with an embedding of columns, where there is one. */
  Network embedded(Network layers) {
    return each && layers.embedding() == 0 ? layers.withEmbedding(EMBEDDING) : layers;
  }
}
