package dev.unroll;

import dev.unroll.data.Series;
import dev.unroll.file.InputException;
import dev.unroll.file.ModelFile;
import dev.unroll.file.Provenance;
import dev.unroll.head.Regression;
import dev.unroll.network.Network;
import dev.unroll.task.RunOutput;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.text.table.Calendar;
import dev.unroll.text.table.Gaps;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TimeAxis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Trains a forecaster on measurements in time.
 *
 * {@snippet :
 * var load = Unroll.forecaster().csv(Path.of("load.csv")).target("load").context(168).horizon(24).train();
 * }
 */
public final class ForecasterTrainer
    extends TaskTrainer<ForecasterFields, ForecasterRun, Forecaster, ForecasterTrainer> {

  /** Numbers of an embedding of columns, where nothing is said. */
  private static final int COLUMN_EMBEDDING = 16;

  private final List<Path> files = new ArrayList<>();
  private final List<Path> validFiles = new ArrayList<>();
  private Function<SeriesTable, SeriesTable> rows = table -> table;
  private @Nullable String time;
  private List<String> targets = List.of();
  private boolean allTargets;
  private List<String> observed = List.of();
  private List<String> known = List.of();
  private List<Calendar> calendar = List.of();
  private Gaps gaps = Gaps.REFUSE;
  private int context = 96;
  private int horizon = 24;
  private int segment = 1;
  private @Nullable Integer season;
  private ForecastSpec.Relative relative = ForecastSpec.Relative.NOTHING;
  private boolean recursive;
  private boolean perTarget;
  private @Nullable Forecaster parent;
  private Regression head = Regression.SQUARED;
  private Consumer<String> notes = line -> {};

  ForecasterTrainer() {
    super(ForecasterRun.DEFAULTS);
  }

  @Override
  ForecasterTrainer self() {
    return this;
  }

  @Override
  Forecaster model(ModelFile<ForecasterFields> file) {
    return new Forecaster(file);
  }

  @Override
  public ForecasterTrainer from(Forecaster model) {
    parent = model;
    Provenance said = model.provenance();
    time = said.text("time").isEmpty() ? null : said.text("time");
    calendar =
        said.text("calendar").isEmpty()
            ? List.of()
            : Arrays.stream(said.text("calendar").split(",", -1)).map(Calendar::of).toList();
    gaps = said.text("gaps").isEmpty() ? Gaps.REFUSE : Gaps.of(said.text("gaps"));
    season = model.season();
    return begin(model, model.network().description().network());
  }

  /** Learns from files with a header, a column of times and columns of numbers. */
  public ForecasterTrainer csv(Path... more) {
    files.addAll(List.of(more));
    return this;
  }

  /** Names the column of times, usually the first; {@code none} where rows have no time. */
  public ForecasterTrainer time(@Nullable String column) {
    time = column;
    return this;
  }

  /** Learns from some rows of each file only. */
  public ForecasterTrainer rows(Function<SeriesTable, SeriesTable> part) {
    rows = part;
    return this;
  }

  /** Names the columns that are forecast; usually the last one is. */
  public ForecasterTrainer target(String... columns) {
    targets = List.of(columns);
    return this;
  }

  /** Forecasts all columns that are neither observed nor known. */
  public ForecasterTrainer allTargets() {
    allTargets = true;
    return this;
  }

  /** Names columns whose past is read too, but which are not forecast. */
  public ForecasterTrainer observed(String... columns) {
    observed = List.of(columns);
    return this;
  }

  /** Names columns whose future is known, such as a price or a holiday. */
  public ForecasterTrainer known(String... columns) {
    known = List.of(columns);
    return this;
  }

  /** Reads parts of the time as known columns. */
  public ForecasterTrainer calendar(Calendar... parts) {
    calendar = List.of(parts);
    return this;
  }

  /** Decides what becomes of rows and numbers that are missing; usually they are refused. */
  public ForecasterTrainer gaps(Gaps how) {
    gaps = how;
    return this;
  }

  /** Reads so many rows before a forecast. */
  public ForecasterTrainer context(int count) {
    context = count;
    return this;
  }

  /** Forecasts so many rows. */
  public ForecasterTrainer horizon(int count) {
    horizon = count;
    return this;
  }

  /** Reads so many rows at once in a step of the network. */
  public ForecasterTrainer segment(int count) {
    segment = count;
    return this;
  }

  /** A season has so many rows; usually that follows from the times. */
  public ForecasterTrainer season(@Nullable Integer count) {
    season = count;
    return this;
  }

  /** Takes the targets of a window relative to something, where their level drifts. */
  public ForecasterTrainer relative(ForecastSpec.Relative to) {
    relative = to;
    return this;
  }

  /** Forecasts a segment at a time and reads it in turn, or the whole horizon at once. */
  public ForecasterTrainer recursive(boolean value) {
    recursive = value;
    return this;
  }

  /** Reads each target alone, all with the same weights, or all together. */
  public ForecasterTrainer perTarget(boolean value) {
    perTarget = value;
    return this;
  }

  /** Decides how outputs say numbers. */
  public ForecasterTrainer head(Regression value) {
    head = value;
    return this;
  }

  /** Forecasts quantiles between which a share of the values lies, such as 0.9, and the median. */
  public ForecasterTrainer interval(double share) {
    if (!(share > 0 && share < 1)) {
      throw new InputException("the interval is " + share, "It must be in (0, 1).");
    }
    double below = (1 - share) / 2;
    return head(new Regression.Quantiles(List.of(below, 0.5, 1 - below)));
  }

  /** Chooses the best model by other series. */
  public ForecasterTrainer validation(Path... more) {
    validFiles.addAll(List.of(more));
    return this;
  }

  /** Says in what steps rows come. */
  public ForecasterTrainer notes(Consumer<String> value) {
    notes = value;
    return this;
  }

  @Override
  boolean hasOwnValidation() {
    return !validFiles.isEmpty();
  }

  @Override
  public ForecasterRun prepare(RunOutput output) {
    if (files.isEmpty()) {
      throw noData("Give a file with times and numbers: csv.");
    }
    ForecastSpec forecasting =
        parent == null ? forecasting(table(files.getFirst())) : parent.forecasting();
    List<String> names = new ArrayList<>(forecasting.columns());
    names.removeAll(Calendar.columns(calendar));
    var train = new ArrayList<Series>();
    var valid = new ArrayList<Series>();
    for (Path file : validFiles) {
      valid.add(SeriesTable.read(file, time).series(names, calendar, gaps).series());
    }
    var read = files.stream().map(file -> table(file).series(names, calendar, gaps)).toList();
    for (SeriesTable.Read each : read) {
      if (hasOwnValidation()) {
        train.add(each.series());
      } else {
        var cut = ForecasterRun.cut(each.series(), share(), forecasting);
        train.add(cut.get(0));
        valid.add(cut.get(1));
      }
    }
    TimeAxis axis = read.getFirst().axis();
    if (axis != null && axis.hasPattern()) {
      notes.accept("rows come in steps of " + axis.step());
    }
    int rowsOfSeason = season != null ? season : axis == null ? 1 : axis.season();
    var data = new ForecasterRun.Parts(train, valid, rowsOfSeason);
    RunOutput known = output.withReading(source(axis));
    return parent == null
        ? new ForecasterRun(forecasting, layers(), data, training(), known)
        : ForecasterRun.from(parent.fields(), network(), data, training(), known);
  }

  private SeriesTable table(Path file) {
    return rows.apply(SeriesTable.read(file, time));
  }

  private ForecastSpec forecasting(SeriesTable table) {
    var all = new ArrayList<>(known);
    all.addAll(Calendar.columns(calendar));
    return new ForecastSpec(
        targets(table),
        observed,
        all,
        new ForecastSpec.Window(context, horizon, segment),
        relative,
        recursive,
        perTarget,
        head);
  }

  private List<String> targets(SeriesTable table) {
    if (!targets.isEmpty()) {
      return targets;
    }
    var left = new ArrayList<>(table.columns());
    left.removeAll(observed);
    left.removeAll(known);
    if (left.isEmpty()) {
      throw new InputException("no column is left to forecast", "Name fewer as observed or known.");
    }
    return allTargets ? left : List.of(left.getLast());
  }

  private Network layers() {
    return perTarget && network().embedding() == 0
        ? network().withEmbedding(COLUMN_EMBEDDING)
        : network();
  }

  /** Returns what a model remembers of the columns, to read a series in the same way. */
  private Map<String, Object> source(@Nullable TimeAxis axis) {
    var source = new LinkedHashMap<String, Object>();
    source.put("time", time == null ? "" : time);
    source.put("calendar", calendar.stream().map(Calendar::label).collect(Collectors.joining(",")));
    source.put("gaps", gaps.label());
    if (axis != null) {
      source.put("times", axis.kept());
    }
    return source;
  }
}
