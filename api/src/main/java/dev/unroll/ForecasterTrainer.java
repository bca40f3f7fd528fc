package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Measurements;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.forecast.ForecastDefaults;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.tasks.ForecastVerdict;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import dev.unroll.text.table.ForecastData;
import dev.unroll.text.table.SeriesForm;
import dev.unroll.text.table.SeriesReading;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.train.Training;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
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

  /** Numbers of an embedding of columns, by default. */
  private static final int COLUMN_EMBEDDING = 16;

  private final List<SeriesSource> learned = new ArrayList<>();
  private final List<SeriesSource> validation = new ArrayList<>();
  private Function<SeriesTable, SeriesTable> rows = table -> table;
  private SeriesReading reading = SeriesReading.USUAL;
  private List<String> targets = List.of();
  private boolean allTargets;

  /** Whether measurements from memory have no times. */
  private boolean timeless;

  private List<String> observed = List.of();
  private List<String> known = List.of();
  private List<String> statics = List.of();
  private @Nullable List<Calendar> calendar;
  private @Nullable Gaps gaps;
  private @Nullable Integer context;
  private @Nullable Integer horizon;
  private @Nullable Integer segment;
  private @Nullable Integer season;
  private @Nullable Relative relative;
  private boolean recursive;
  private boolean perTarget;
  private boolean shrinks = true;
  private @Nullable Forecaster parent;
  private Regression head = Regression.SQUARED;
  private @Nullable Consumer<String> warnings;

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
  public Verdict verdict(ForecasterRun run, Forecaster model, Workers workers) {
    return ForecastVerdict.of(run, model, workers);
  }

  @Override
  public ForecasterTrainer from(Forecaster model) {
    parent = model;
    reading = SeriesReading.of(model.provenance()).withoutTimes();
    season = model.season();
    gaps = null;
    return begin(model, model.network().description().network());
  }

  /** Trains on files with a header, a column of times and columns of numbers. */
  public ForecasterTrainer csv(Path... more) {
    for (Path file : Arguments.all("more", more)) {
      learned.add(SeriesSource.of(file));
    }
    return this;
  }

  /**
   * Trains on measurements in memory; each call adds a series.
   *
   * {@snippet :
   * trainer.data(Measurements.of(readings, Reading::time).column("load", Reading::load));
   * }
   */
  public ForecasterTrainer data(Measurements<?> rows) {
    learned.add(SeriesSource.of(rows));
    timeless |= !rows.hasTimes();
    return this;
  }

  /** Trains on objects that have a time and a number, which is forecast. */
  public <M> ForecasterTrainer data(
      Iterable<M> rows,
      Function<? super M, ? extends Temporal> time,
      ToDoubleFunction<? super M> value) {
    return data(Measurements.of(rows, time, value));
  }

  /** Trains on objects that have a time and a number, which is forecast. */
  public <M> ForecasterTrainer data(
      Stream<M> rows,
      Function<? super M, ? extends Temporal> time,
      ToDoubleFunction<? super M> value) {
    return data(rows.toList(), time, value);
  }

  /** Trains on numbers that are one step apart and have no times. */
  public ForecasterTrainer values(double... numbers) {
    return data(Measurements.of(Objects.requireNonNull(numbers, "numbers")));
  }

  /** Trains on numbers that are one step apart and have no times. */
  public ForecasterTrainer values(List<Double> numbers) {
    return values(numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Sets the column of times in files. By default it is the first one that holds times. */
  public ForecasterTrainer time(String column) {
    reading = reading.withForm(reading.form().withTime(Objects.requireNonNull(column, "column")));
    return this;
  }

  /**
   * Sets the format of times in files: a pattern of {@link java.time.format.DateTimeFormatter} such
   * as {@code dd-MM-yyyy}, or {@code epoch-seconds}. By default it is detected.
   */
  public ForecasterTrainer timeFormat(String pattern) {
    reading =
        reading.withForm(reading.form().withFormat(Objects.requireNonNull(pattern, "pattern")));
    return this;
  }

  /** Sets the time zone of times without an offset, such as Europe/Berlin. */
  public ForecasterTrainer timeZone(ZoneId zone) {
    reading = reading.withForm(reading.form().withZone(zone.getId()));
    return this;
  }

  /** Sets the holidays, future ones included, which become a known column. */
  public ForecasterTrainer holidays(Set<LocalDate> days) {
    reading = reading.withForm(reading.form().withHolidays(Objects.requireNonNull(days, "days")));
    return this;
  }

  /** Sets the delimiter of files. By default it is detected. */
  public ForecasterTrainer delimiter(char between) {
    SeriesForm form = reading.form();
    reading = reading.withForm(form.withSigns(between, form.decimalComma()));
    return this;
  }

  /** Reads decimal commas. By default they are detected. */
  public ForecasterTrainer decimalComma() {
    return decimalComma(true);
  }

  /** Sets whether decimals follow a comma. By default that is detected. */
  public ForecasterTrainer decimalComma(boolean value) {
    SeriesForm form = reading.form();
    reading = reading.withForm(form.withSigns(form.delimiter(), value));
    return this;
  }

  /** Reads files whose rows have no time and are one step apart. */
  public ForecasterTrainer withoutTime() {
    reading = reading.withoutTime();
    return this;
  }

  /**
   * Sets the column that names the series of a row. All series share the same weights; {@link
   * Forecaster#forecastEach} forecasts each.
   */
  public ForecasterTrainer series(String column) {
    reading = reading.withForm(reading.form().withSeries(Objects.requireNonNull(column, "column")));
    return this;
  }

  /**
   * Reads a file as one series: the default, unless a model of several series is trained further.
   */
  public ForecasterTrainer withoutSeries() {
    reading = reading.withoutSeries();
    return this;
  }

  /**
   * Sets columns that describe a series and are the same in all its rows: numbers, or categories. A
   * category that did not occur in training is read as none of those that did.
   */
  public ForecasterTrainer statics(String... columns) {
    statics = Arguments.all("columns", columns);
    return this;
  }

  /** Trains on some rows of each series only; of several, one that has none is left out. */
  public ForecasterTrainer rows(Function<SeriesTable, SeriesTable> part) {
    rows = Objects.requireNonNull(part, "part");
    return this;
  }

  /** Sets the columns to forecast. By default it is the last one. */
  public ForecasterTrainer target(String... columns) {
    targets = Arguments.all("columns", columns);
    return this;
  }

  /** Forecasts all columns that are neither observed nor known. */
  public ForecasterTrainer allTargets() {
    allTargets = true;
    return this;
  }

  /** Sets columns that are read in the past, but not forecast. */
  public ForecasterTrainer observed(String... columns) {
    observed = Arguments.all("columns", columns);
    return this;
  }

  /** Sets columns whose future is known, such as a price or a holiday. */
  public ForecasterTrainer known(String... columns) {
    known = Arguments.all("columns", columns);
    return this;
  }

  /**
   * Sets the calendar features, which are known columns; no argument means none. By default those
   * are used that explain the series. A model with calendar features cannot forecast numbers
   * without times, nor a stream.
   */
  public ForecasterTrainer calendar(Calendar... parts) {
    calendar = Arguments.all("parts", parts);
    return this;
  }

  /**
   * Sets how missing rows and numbers are treated. By default up to one in twenty are interpolated,
   * and more are refused.
   */
  public ForecasterTrainer gaps(Gaps how) {
    gaps = Objects.requireNonNull(how, "how");
    return this;
  }

  /** Sets how many rows are read before a forecast, 0 for none; by default a few seasons. */
  public ForecasterTrainer context(int count) {
    context = checked("context", count, 0);
    return this;
  }

  /** Sets the number of rows that are forecast; by default a season. */
  public ForecasterTrainer horizon(int count) {
    horizon = checked("horizon", count, 1);
    return this;
  }

  /** Sets the number of rows that the network reads in one step. */
  public ForecasterTrainer segment(int count) {
    segment = checked("segment", count, 1);
    return this;
  }

  /** Sets the number of rows in a season; by default it is derived from the data. */
  public ForecasterTrainer season(int count) {
    season = checked("season", count, 1);
    return this;
  }

  /** Sets what targets are relative to; by default that is derived from the data. */
  public ForecasterTrainer relative(Relative to) {
    relative = Objects.requireNonNull(to, "to");
    return this;
  }

  /**
   * Leaves forecasts as the network makes them. By default those that are relative to the last
   * number or to the one a season before are moved toward it, as far as that leaves less error in
   * the validation data.
   */
  public ForecasterTrainer withoutShrinkage() {
    shrinks = false;
    return this;
  }

  /** Forecasts one segment at a time, and reads each as input for the next. */
  public ForecasterTrainer recursive() {
    return recursive(true);
  }

  /** Sets whether one segment at a time is forecast, or the whole horizon at once. */
  public ForecasterTrainer recursive(boolean value) {
    recursive = value;
    return this;
  }

  /** Reads each target separately, with the same weights, instead of all together. */
  public ForecasterTrainer perTarget() {
    return perTarget(true);
  }

  /** Sets whether each target is read separately, with the same weights, or all together. */
  public ForecasterTrainer perTarget(boolean value) {
    perTarget = value;
    return this;
  }

  /** Sets what the network outputs for a number, such as a mean or quantiles. */
  public ForecasterTrainer head(Regression value) {
    head = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Forecasts the median, and quantiles around this share of the values, such as 0.9. */
  public ForecasterTrainer interval(double share) {
    if (!(share > 0 && share < 1)) {
      throw new InputException("the interval is " + share, "It must be in (0, 1).");
    }
    double below = Math.rint((1 - share) * 5e7) / 1e8; // of 0.9 exactly 0.05
    double above = Math.rint((1 - below) * 1e8) / 1e8;
    return head(new Regression.Quantiles(List.of(below, 0.5, above)));
  }

  /** Validates on other series. */
  public ForecasterTrainer validation(Path... more) {
    for (Path file : Arguments.all("more", more)) {
      validation.add(SeriesSource.of(file));
    }
    return this;
  }

  /** Validates on other measurements. */
  public ForecasterTrainer validation(Measurements<?> rows) {
    validation.add(SeriesSource.of(Objects.requireNonNull(rows, "rows")));
    return this;
  }

  @Override
  boolean hasOwnValidation() {
    return !validation.isEmpty();
  }

  /**
   * Receives a line for all that is left out or interpolated; by default {@link #findings} does.
   */
  public ForecasterTrainer warnings(Consumer<String> value) {
    warnings = Objects.requireNonNull(value, "value");
    return this;
  }

  private static int checked(String name, int count, int least) {
    Numbers.checkCount(name, count, least, Integer.MAX_VALUE);
    return count;
  }

  private void tell(ForecastData.Prepared prepared) {
    for (String line : prepared.found()) {
      if (prepared.warnings().contains(line)) {
        warn(line);
      } else {
        found(line);
      }
    }
  }

  private void warn(String line) {
    if (warnings == null) {
      found(line);
    } else {
      warnings.accept(line);
      remember(line);
    }
  }

  @Override
  public ForecasterRun prepare(RunOutput output) {
    if (learned.isEmpty()) {
      throw noData("Give measurements: csv, data or values.");
    }
    search();
    SeriesReading how = timeless ? reading.withoutTime() : reading;
    var data =
        new ForecastData(
            SeriesReading.ofEach(
                learned.stream().flatMap(each -> each.tables(how, this::warn).stream()).toList(),
                rows,
                this::warn),
            validation.stream().flatMap(each -> each.tables(how, this::warn).stream()).toList(),
            share());
    Forecaster start = parent;
    if (start != null) {
      int own = season == null ? start.season() : season;
      var prepared = data.of(start, own, FurtherReading.of(start, how, gaps));
      tell(prepared);
      return shrunk(
          ForecasterRun.from(
              start.fields(),
              network(),
              prepared.data(),
              training(),
              saying(output).withReading(prepared.kept())));
    }
    var prepared = data.of(choice(), how);
    tell(prepared);
    long windows = prepared.data().windows(prepared.forecasting());
    Training course = ForecastDefaults.course(training(), preset(), windows);
    if (course.epochs() != training().epochs()
        || course.optimizer().rate() != training().optimizer().rate()) {
      found(
          String.format(
              Locale.ROOT,
              "%s at a rate of %s: %,d windows are few",
              Plural.of(course.epochs(), "epoch"),
              Numbers.rounded(course.optimizer().rate()),
              windows));
    }
    return shrunk(
        new ForecasterRun(
            prepared.forecasting(),
            layers(),
            prepared.data(),
            course,
            saying(output).withReading(prepared.kept())));
  }

  private ForecasterRun shrunk(ForecasterRun run) {
    return shrinks ? run.withShrinkage() : run;
  }

  private ForecastData.Choice choice() {
    return new ForecastData.Choice(
        targets,
        allTargets,
        observed,
        known,
        statics,
        calendar,
        gaps,
        new ForecastDefaults.Asked(context, horizon, segment, season, relative, !known.isEmpty()),
        recursive,
        perTarget,
        head);
  }

  private Network layers() {
    return perTarget && network().embedding() == 0
        ? network().withEmbedding(COLUMN_EMBEDDING)
        : network();
  }
}
