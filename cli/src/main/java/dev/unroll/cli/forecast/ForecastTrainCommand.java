package dev.unroll.cli.forecast;

import dev.unroll.cli.option.TaskTrainCommand;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.PeakMemory;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Series;
import dev.unroll.file.InputException;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.task.RunOutput;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.text.table.Calendar;
import dev.unroll.text.table.Gaps;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.train.Learner;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll forecast train}: measurements in time in, model file out. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains a network that says how measurements go on, and writes it to one file.",
    footer = {
      "",
      "A file has a header, a column of times and columns of numbers; several files are several series.",
      "Columns are standardised by the part that trains; the last rows choose the model.",
      "Example:",
      "  unroll forecast train load.csv --target load --context 168 --horizon 24 \\",
      "      --calendar hour,weekday -o load.safetensors",
    })
public final class ForecastTrainCommand extends TaskTrainCommand<ForecasterRun> {

  /** The share of the rows that chooses the best model, where nothing is said. */
  private static final double SHARE = 0.2;

  /** Numbers of an embedding of columns, where nothing is said. */
  private static final int EMBEDDING = 16;

  private static final String ALL = "all";

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Series in UTF-8, .csv or .tsv (.gz too), or - for standard input.")
  List<Path> files = List.of();

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      description =
          "The column of times (1949, 1949-01, 1949-01-31 or 1949-01-31 23:59:59), or none where the rows"
              + " have no times and are a step apart. Default: the first.")
  @Nullable String time;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns that are forecast, or all for those that are named nowhere else. Default: the last.")
  List<String> wanted = List.of();

  @Option(
      names = "--observed",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose past is read too, but which are not forecast.")
  List<String> observed = List.of();

  @Option(
      names = "--known",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose future is known, such as a price or a holiday.")
  List<String> known = List.of();

  @Option(
      names = "--calendar",
      paramLabel = "PART",
      split = ",",
      description =
          "Known columns that are made of the time: hour, weekday, day, month, yearday (several with commas).")
  List<String> calendar = List.of();

  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      defaultValue = "refuse",
      description =
          "What becomes of rows and numbers that are missing: refuse names the first, fill takes a straight"
              + " line, skip takes rows as they come. Default: ${DEFAULT-VALUE}.")
  String gaps = "refuse";

  @Option(
      names = "--rows",
      paramLabel = "FROM..TO",
      defaultValue = "..",
      description = RowRange.DESCRIPTION + ": what is trained and chosen with. Default: all.")
  String rows = "..";

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "96",
      description = "Rows that are read before a forecast. Default: ${DEFAULT-VALUE}.")
  int context = 96;

  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "24",
      description = "Rows that are forecast. Default: ${DEFAULT-VALUE}.")
  int horizon = 24;

  @Option(
      names = "--segment",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Rows that a step of the network reads at once: fewer steps, faster and often better where"
              + " contexts are long. Default: ${DEFAULT-VALUE}.")
  int segment = 1;

  @Option(
      names = "--season",
      paramLabel = "N",
      description =
          "Rows of a season, for MASE and the seasonal-naive forecast. Default: a year of months, a week of"
              + " days, a day of hours or less; else 1.")
  @Nullable Integer season;

  @Option(
      names = "--relative",
      paramLabel = "TO",
      defaultValue = "nothing",
      description =
          "What the targets of a window are taken relative to: nothing, last (the last number read) or window"
              + " (mean and deviation of those read): for series whose level drifts. Default: ${DEFAULT-VALUE}.")
  String relative = "nothing";

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
  List<Double> quantiles = List.of(0.1, 0.5, 0.9);

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "forward",
      description =
          "Which way the layers read the context: forward or both. Default: ${DEFAULT-VALUE}.")
  String direction = "forward";

  @Override
  protected List<Path> files() {
    return files;
  }

  @Override
  protected Progress.Targets targets() {
    return Progress.Targets.NUMBERS;
  }

  @Override
  protected Learner learner(ForecasterRun run) {
    return run.learner();
  }

  @Override
  protected void train(ForecasterRun run, Path file) {
    PrintWriter err = spec.commandLine().getErr();
    try (var progress = new Progress(err, targets())) {
      var model = new Forecaster(running.watch(progress, run::run, spec));
      err.println(
          String.format(
              Locale.ROOT,
              "%s: validation loss %.4f (standardised numbers); trained in %s at %,.0f numbers/s%s",
              file,
              model.provenance().validationLoss(),
              Progress.clockTime(progress.seconds()),
              progress.targetsPerSecond(),
              PeakMemory.text()));
    }
    err.println("Next:  unroll forecast eval " + file + " FILE --rows FROM..TO");
    err.println("       unroll forecast predict " + file + " FILE");
  }

  @Override
  protected void introduce(ForecasterRun run) {
    PrintWriter err = spec.commandLine().getErr();
    var forecasting = run.forecasting();
    err.println(
        "%,d rows to train on, %,d to validate on; %,d rows of %s forecast from %,d; season of %,d rows"
            .formatted(
                run.data().training().stream().mapToInt(Series::size).sum(),
                run.data().validation().stream().mapToInt(Series::size).sum()
                    - (running.valid.isEmpty() ? run.data().validation().size() * context : 0),
                horizon,
                String.join(", ", forecasting.targets()),
                context,
                run.data().season()));
    err.println(ThreadOption.kernels(run.options().threads()));
  }

  private Network layers() {
    Network layers = network.network(0, false).withDirection(Network.direction(direction));
    if (network.inputDropout == null) {
      Dropouts rates = layers.dropouts(); // of few numbers none can be missed
      layers = layers.withDropout(0, rates.layer(), rates.output());
    }
    if (!each && layers.embedding() > 0) {
      throw new InputException("--embedding does nothing without --each", "Leave it out.");
    }
    if (!each && layers.dropouts().words() > 0) {
      throw new InputException("--word-dropout does nothing without --each", "Leave it out.");
    }
    return each && layers.embedding() == 0 ? layers.withEmbedding(EMBEDDING) : layers;
  }

  @Override
  protected ForecasterRun run(Training options, RunOutput kept) {
    if (!head.equals("quantiles") && !quantiles.equals(List.of(0.1, 0.5, 0.9))) {
      throw new InputException("--quantiles does nothing with --head " + head, "Leave it out.");
    }
    var how = Gaps.of(gaps);
    var parts = SeriesOptions.calendar(calendar);
    SeriesTable first = table(files.getFirst());
    var forecasting = forecasting(first, parts);
    List<String> columns = new ArrayList<>(forecasting.columns());
    columns.removeAll(Calendar.columns(parts));
    var read = files.stream().map(file -> table(file).series(columns, parts, how)).toList();
    var all = read.stream().map(SeriesTable.Read::series).toList();
    var valid = new ArrayList<Series>();
    var train = new ArrayList<Series>();
    for (Path file : running.valid) {
      valid.add(SeriesTable.read(file, time).series(columns, parts, how).series());
    }
    for (Series series : all) {
      if (running.valid.isEmpty()) {
        var cut = ForecasterRun.cut(series, running.share(SHARE), forecasting);
        train.add(cut.get(0));
        valid.add(cut.get(1));
      } else {
        train.add(series);
      }
    }
    var axis = read.getFirst().axis();
    int rowsOfSeason = season != null ? season : axis == null ? 1 : axis.season();
    var reading = new LinkedHashMap<String, Object>();
    reading.put("time", time == null ? "" : time);
    reading.put("calendar", String.join(",", calendar));
    reading.put("gaps", gaps);
    var data = new ForecasterRun.Parts(train, valid, rowsOfSeason);
    return new ForecasterRun(forecasting, layers(), data, options, kept.withReading(reading));
  }

  private SeriesTable table(Path file) {
    var table = SeriesTable.read(file, time);
    var range = RowRange.of(rows);
    return table.rows(range.first(table), range.end(table));
  }

  private ForecastSpec forecasting(SeriesTable table, List<Calendar> parts) {
    var ahead = new ArrayList<>(known);
    ahead.addAll(Calendar.columns(parts));
    var left = new ArrayList<>(table.columns());
    left.removeAll(observed);
    left.removeAll(known);
    if (left.isEmpty()) {
      throw new InputException("no column is left to forecast", "Name fewer as observed or known.");
    }
    List<String> targets =
        wanted.isEmpty() ? List.of(left.getLast()) : wanted.equals(List.of(ALL)) ? left : wanted;
    return new ForecastSpec(
        targets,
        observed,
        ahead,
        new ForecastSpec.Window(context, horizon, segment),
        ForecastSpec.Relative.of(relative),
        recursive,
        each,
        ForecastSpec.head(head, quantiles));
  }
}
