package dev.unroll;

import dev.unroll.data.Measurements;
import dev.unroll.data.Series;
import dev.unroll.file.InputException;
import dev.unroll.file.ModelFile;
import dev.unroll.head.Regression;
import dev.unroll.network.Network;
import dev.unroll.task.RunOutput;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.text.table.Calendar;
import dev.unroll.text.table.Gaps;
import dev.unroll.text.table.SeriesReading;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TimeAxis;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a forecaster on measurements in time.
 *
 * {@snippet file="example/SnippetsTest.java" region="forecaster-trainer"}
 */
public final class ForecasterTrainer
    extends TaskTrainer<ForecasterFields, ForecasterRun, Forecaster, ForecasterTrainer> {

  /** Numbers of an embedding of columns, where nothing is said. */
  private static final int COLUMN_EMBEDDING = 16;

  private final List<Function<SeriesReading, SeriesTable>> learned = new ArrayList<>();
  private final List<Function<SeriesReading, SeriesTable>> validation = new ArrayList<>();
  private Function<SeriesTable, SeriesTable> rows = table -> table;
  private SeriesReading reading = SeriesReading.USUAL;
  private List<String> targets = List.of();
  private boolean allTargets;

  /** Whether measurements from memory have no times. */
  private boolean timeless;

  private List<String> observed = List.of();
  private List<String> known = List.of();
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
    SeriesReading own = SeriesReading.of(model.provenance());
    reading = new SeriesReading(own.time(), own.calendar(), own.gaps(), null);
    season = model.season();
    return begin(model, model.network().description().network());
  }

  /** Learns from files with a header, a column of times and columns of numbers. */
  public ForecasterTrainer csv(Path... more) {
    for (Path file : more) {
      learned.add(how -> how.table(file));
    }
    return this;
  }

  /**
   * Learns from measurements in memory; further calls add further series.
   *
   * {@snippet :
   * trainer.data(Measurements.of(readings, Reading::time).column("load", Reading::load));
   * }
   */
  public ForecasterTrainer data(Measurements<?> rows) {
    learned.add(how -> how.table(rows));
    timeless |= !rows.hasTimes();
    return this;
  }

  /** Learns from objects that have a time and a number, which is forecast. */
  public <M> ForecasterTrainer data(
      Iterable<M> rows,
      Function<? super M, ? extends Temporal> time,
      ToDoubleFunction<? super M> value) {
    return data(Measurements.of(rows, time, value));
  }

  /** Learns from objects that have a time and a number, which is forecast. */
  public <M> ForecasterTrainer data(
      Stream<M> rows,
      Function<? super M, ? extends Temporal> time,
      ToDoubleFunction<? super M> value) {
    return data(rows.toList(), time, value);
  }

  /** Learns from numbers that are one step apart, and have no times. */
  public ForecasterTrainer values(double... numbers) {
    return data(Measurements.of(numbers));
  }

  /** Learns from numbers that are one step apart, and have no times. */
  public ForecasterTrainer values(List<Double> numbers) {
    return values(numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Names the column of times in files, usually the first. */
  public ForecasterTrainer time(String column) {
    reading = reading.withTime(column);
    return this;
  }

  /** Rows of files have no time and are one step apart. */
  public ForecasterTrainer withoutTime() {
    reading = reading.withoutTime();
    return this;
  }

  /** Learns from some rows of each series only. */
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
    reading = reading.withCalendar(List.of(parts));
    return this;
  }

  /** Decides what becomes of rows and numbers that are missing; usually they are refused. */
  public ForecasterTrainer gaps(Gaps how) {
    reading = reading.withGaps(how);
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
  public ForecasterTrainer season(int count) {
    season = count;
    return this;
  }

  /** Takes the targets of a window relative to something, where their level drifts. */
  public ForecasterTrainer relative(ForecastSpec.Relative to) {
    relative = to;
    return this;
  }

  /** Forecasts a segment at a time and reads it in turn, instead of the whole horizon at once. */
  public ForecasterTrainer recursive() {
    return recursive(true);
  }

  /** Forecasts a segment at a time and reads it in turn, or the whole horizon at once. */
  public ForecasterTrainer recursive(boolean value) {
    recursive = value;
    return this;
  }

  /** Reads each target alone, all with the same weights, instead of all together. */
  public ForecasterTrainer perTarget() {
    return perTarget(true);
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
    double below = Math.rint((1 - share) * 5e7) / 1e8; // of 0.9 exactly 0.05
    double above = Math.rint((1 - below) * 1e8) / 1e8;
    return head(new Regression.Quantiles(List.of(below, 0.5, above)));
  }

  /** Chooses the best model by other series. */
  public ForecasterTrainer validation(Path... more) {
    for (Path file : more) {
      validation.add(how -> how.table(file));
    }
    return this;
  }

  /** Chooses the best model by other measurements. */
  public ForecasterTrainer validation(Measurements<?> rows) {
    validation.add(how -> how.table(rows));
    return this;
  }

  /** Says in what steps rows come. */
  public ForecasterTrainer notes(Consumer<String> value) {
    notes = value;
    return this;
  }

  @Override
  boolean hasOwnValidation() {
    return !validation.isEmpty();
  }

  @Override
  public ForecasterRun prepare(RunOutput output) {
    if (learned.isEmpty()) {
      throw noData("Give measurements: csv, data or values.");
    }
    SeriesReading how = timeless ? reading.withoutTime() : reading;
    var tables = learned.stream().map(each -> rows.apply(each.apply(how))).toList();
    ForecastSpec forecasting =
        parent == null ? forecasting(tables.getFirst()) : parent.forecasting();
    List<String> columns = forecasting.columns();
    var train = new ArrayList<Series>();
    var valid = new ArrayList<Series>();
    validation.forEach(each -> valid.add(how.series(each.apply(how), columns).series()));
    var read = tables.stream().map(table -> how.series(table, columns)).toList();
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
    RunOutput known = output.withReading(how.kept(axis));
    return parent == null
        ? new ForecasterRun(forecasting, layers(), data, training(), known)
        : ForecasterRun.from(parent.fields(), network(), data, training(), known);
  }

  private ForecastSpec forecasting(SeriesTable table) {
    var all = new ArrayList<>(known);
    all.addAll(Calendar.columns(reading.calendar()));
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
}
