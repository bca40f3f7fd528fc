package dev.unroll.cli.forecast;

import dev.unroll.ForecasterTrainer;
import dev.unroll.Unroll;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.option.DirectionOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.report.Digits;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Provenance;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Network;
import dev.unroll.network.Relative;
import dev.unroll.task.Defaults;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.forecast.ForecasterRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll forecast train}: measurements in time in, model file out. */
@Command(
    name = "train",
    description = "Trains a network that forecasts time series, and writes it to one file.",
    footer = {
      "",
      "A file has a header, a column of times and columns of numbers; several files are several"
          + " series.",
      "The last rows select the model. Settings that you leave out are found from the data and"
          + " printed,",
      "including epochs and rate if there are few windows to learn from.",
      "Examples:  unroll forecast train passengers.csv -o passengers.safetensors",
      "           unroll forecast train sales.csv --series shop --target sales -o"
          + " sales.safetensors",
    })
@KeptInModel
final class ForecastTrainCommand
    extends TrainCommand<ForecasterFields, ForecasterRun, Forecaster, ForecasterTrainer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Series: .csv, .tsv or .jsonl (.gz too), or - for standard input.")
  List<Path> files = List.of();

  private final List<String> warnings = new ArrayList<>();

  @Mixin ColumnOptions columns = new ColumnOptions();
  @Mixin ForecastOptions forecast = new ForecastOptions();

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "forward",
      description =
          "Direction in which the layers read the context: forward or both. Default:"
              + " ${DEFAULT-VALUE}.")
  String direction = "forward";

  @Option(
      names = "--no-shrinkage",
      description =
          "Leave forecasts as the network makes them. Default: those that are relative to the last"
              + " number or to the one a season before are moved toward it, as far as that leaves"
              + " less error in the validation data.")
  boolean noShrinkage;

  @Override
  protected Defaults defaults() {
    return ForecasterRun.DEFAULTS;
  }

  @Override
  protected Set<String> unused() {
    return Set.of("--label-smoothing");
  }

  @Override
  protected List<Path> files() {
    return files;
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.NUMBERS;
  }

  @Override
  protected String reached(ForecasterRun run, Provenance model) {
    String figure =
        "loss %s (standardized numbers)".formatted(Digits.measure(model.validationLoss()));
    if (!(model.part("shrinkage").get("share") instanceof Number share)) {
      return figure;
    }
    boolean seasonal = run.forecasting().relative() == Relative.SEASON;
    return figure
        + "; forecasts are %.0f%% network, %.0f%% %s"
            .formatted(
                100 * share.doubleValue(),
                100 * (1 - share.doubleValue()),
                seasonal ? "seasonal naive" : "last number");
  }

  @Override
  protected List<String> next(ForecasterRun run, Path model) {
    String file = files.size() == 1 ? KeptOptions.quoted(List.of(files.getFirst())) : "FILE";
    String rows = columns.range().rest().orElse("FROM..TO");
    return List.of(
        "unroll forecast eval " + model + " " + file + " --rows " + rows,
        "unroll forecast predict " + model + " " + file);
  }

  @Override
  protected List<String> warnings() {
    return warnings;
  }

  @Override
  protected Forecaster open(Path model) {
    return Forecaster.open(model);
  }

  @Override
  protected ForecasterTrainer trainer() {
    return Unroll.forecaster();
  }

  @Override
  protected boolean readsNumbers(Forecaster model) {
    return true;
  }

  @Override
  protected Map<String, Object> shape(Forecaster model) {
    Network own = model.network().description().network();
    Map<String, Object> shape = NetworkOptions.shape(own, model.forecasting().perTarget());
    shape.put("--direction", DirectionOption.label(own));
    ForecastOptions.describe(model.forecasting(), shape);
    columns.describe(model, shape);
    return shape;
  }

  @Override
  protected void shape(ForecasterTrainer trainer) {
    if (!forecast.each()) {
      network.checkNoTokens("without --each");
    }
    forecast.shape(trainer);
    columns.shape(trainer);
    trainer.network(
        usual -> network.ofSources(true, usual).withDirection(Network.direction(direction)));
  }

  @Override
  protected void data(ForecasterTrainer trainer) {
    forecast.data(trainer);
    if (noShrinkage) {
      trainer.withoutShrinkage();
    }
    columns.data(trainer);
    trainer
        .csv(files.toArray(Path[]::new))
        .validation(running.valid().toArray(Path[]::new))
        .warnings(warnings::add);
  }
}
