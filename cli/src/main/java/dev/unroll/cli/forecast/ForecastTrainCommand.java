package dev.unroll.cli.forecast;

import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Digits;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Series;
import dev.unroll.file.Provenance;
import dev.unroll.kernel.Workers;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import dev.unroll.task.RunOutput;
import dev.unroll.task.forecast.Backtest;
import dev.unroll.task.forecast.ForecastDefaults;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecastVerdict;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.text.table.ForecastData;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll forecast train}: measurements in time in, model file out. */
@Command(
    name = "train",
    description =
        "Trains a network that forecasts how measurements continue, and writes it to one file.",
    footer = {
      "",
      "A file has a header, a column of times and columns of numbers; several files are several series.",
      "Columns are standardized by the part that trains; the last rows choose the model.",
      "What is not named is found from the data, and printed: context, horizon, season, calendar, level.",
      "Example:",
      "  unroll forecast train load.csv --target load --context 168 --horizon 24 \\",
      "      --calendar hour,weekday -o load.safetensors",
    })
@KeptInModel
final class ForecastTrainCommand extends TrainCommand<ForecasterFields, ForecasterRun> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Series in UTF-8, .csv or .tsv (.gz too), or - for standard input.")
  List<Path> files = List.of();

  /** Options that say how long is trained. */
  private static final List<String> COURSE = List.of("--epochs", "--validate-every", "--patience");

  private static final List<String> RATE = List.of("--rate", "--optimizer");

  private List<String> found = List.of();

  @Mixin ColumnOptions columns = new ColumnOptions();
  @Mixin ForecastOptions forecast = new ForecastOptions();

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "forward",
      description =
          "Which way the layers read the context: forward or both. Default: ${DEFAULT-VALUE}.")
  String direction = "forward";

  @Override
  protected Defaults defaults() {
    return ForecasterRun.DEFAULTS;
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
    return "loss %s (standardized numbers)".formatted(Digits.measure(model.validationLoss()));
  }

  @Override
  protected List<String> next(ForecasterRun run, Path model) {
    return List.of(
        "unroll forecast eval " + model + " FILE --rows FROM..TO",
        "unroll forecast predict " + model + " FILE");
  }

  @Override
  protected void compare(PrintWriter err, ForecasterRun run, Path model) {
    try (Workers workers = threads.workers()) {
      ForecastVerdict verdict =
          Backtest.verdict(Forecaster.open(model), run.data().validation(), workers);
      verdict.lines(key -> "--" + key).forEach(err::println);
    }
  }

  @Override
  protected void introduce(PrintWriter err, ForecasterRun run) {
    ForecastSpec forecasting = run.forecasting();
    ForecastSpec.Window window = forecasting.window();
    int read = running.hasValidation() ? 0 : run.data().validation().size() * window.context();
    found.forEach(line -> err.println("found: " + line));
    err.println(
        "%,d rows to train on, %,d to validate on; %,d rows of %s forecast from %,d; season of %,d rows"
            .formatted(
                run.data().training().stream().mapToInt(Series::size).sum(),
                run.data().validation().stream().mapToInt(Series::size).sum() - read,
                window.horizon(),
                String.join(", ", forecasting.targets()),
                window.context(),
                run.data().season()));
    err.println(ThreadOption.kernels(run.options().threads()));
  }

  @Override
  protected ForecasterRun run(Training options, RunOutput output) {
    forecast.check();
    var data =
        new ForecastData(
            files.stream().flatMap(file -> columns.tables(file, this::left).stream()).toList(),
            running.valid().stream()
                .flatMap(file -> columns.wholeTables(file, this::left).stream())
                .toList(),
            running.share(defaults()));
    var prepared = data.of(forecast.choice(columns), columns.reading());
    found = prepared.found();
    Training course =
        ForecastDefaults.course(
            options,
            prepared.data().windows(prepared.forecasting()),
            COURSE.stream().anyMatch(parsed()::hasMatchedOption),
            RATE.stream().anyMatch(parsed()::hasMatchedOption));
    return new ForecasterRun(
        prepared.forecasting(),
        layers(),
        prepared.data(),
        course,
        output.withReading(prepared.kept()));
  }

  private void left(String series) {
    err().println("left out: " + series + " has one row");
  }

  private Network layers() {
    if (!forecast.each()) {
      network.checkNoTokens("without --each");
    }
    Network layers = network.ofNumbers(defaults()).withDirection(Network.direction(direction));
    return forecast.embedded(layers);
  }
}
