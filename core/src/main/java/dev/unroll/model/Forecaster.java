package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SeriesFormat;
import dev.unroll.batch.Standardization;
import dev.unroll.data.Measurements;
import dev.unroll.data.Series;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.result.Forecast;
import dev.unroll.result.Model;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.Pool;
import dev.unroll.task.RunOutput;
import dev.unroll.task.Summaries;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecastWindows;
import dev.unroll.task.forecast.ForecastWindows.Origin;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.task.forecast.RecursiveForecasts;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Forecasts time series: sales of the next months, the load of the next hours. It is immutable, and
 * threads may share it.
 *
 * {@snippet file="example/SnippetsTest.java" region="forecaster-trainer"}
 */
public final class Forecaster extends Model {

  /** The task of forecasters. */
  public static final Task<ForecasterFields, Forecaster> TASK =
      new Task<>("forecast", "numbers", ForecasterFields.CODEC, Forecaster::new);

  private final ModelFile<ForecasterFields> file;
  private final ForecasterFields content;
  private final SignalNetwork network;
  private final SignalNetwork.Weights weights;
  private final Pool<SignalNetwork.Buffers> buffers;

  /** Creates the model that a run ended with, or that was read from a file. */
  public Forecaster(ModelFile<ForecasterFields> file) {
    super(file);
    this.file = file;
    content = file.fields();
    network = content.network();
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    buffers = new Pool<>(() -> network.newBuffers(false));
  }

  /**
   * Trains a forecaster; the last fifth of the series selects the best parameters. {@link
   * ForecasterRun} has all options.
   *
   * @param season rows of a season, to measure by; 1 for none
   */
  public static Forecaster train(
      Series series, ForecastSpec forecasting, Network layers, int season, Training options) {
    var parts = ForecasterRun.cut(series.select(forecasting.columns()), 0.2, forecasting);
    var data = new ForecasterRun.Parts(List.of(parts.get(0)), List.of(parts.get(1)), season);
    var run = new ForecasterRun(forecasting, layers, data, options, RunOutput.NOTHING);
    return new Forecaster(run.run(TrainingListener.NONE));
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or of another task
   */
  public static Forecaster open(Path file) {
    return TASK.open(file);
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws InputException if it cannot be read, is damaged or of another task
   */
  public static Forecaster open(InputStream in) {
    return TASK.open(in);
  }

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Map<String, Object> summary() {
    Network layers = network.description().network();
    var summary =
        content.forecasting().perTarget() ? Summaries.of(layers) : Summaries.ofNumbers(layers);
    summary.put("forecasting", content.forecasting().toJson());
    summary.put("season", content.season());
    return summary;
  }

  @Override
  public Forecaster withPrecision(Precision other) {
    return new Forecaster(file.withPrecision(other));
  }

  /** Returns what the model is, apart from its weights. */
  public ForecasterFields fields() {
    return content;
  }

  /** Returns the network, without its weights. */
  public SignalNetwork network() {
    return network;
  }

  /** Returns what is forecast, and from what. */
  public ForecastSpec forecasting() {
    return content.forecasting();
  }

  /** Returns how the columns are read. */
  public Standardization scaling() {
    return content.scaling();
  }

  /** Returns the rows of a season. */
  public int season() {
    return content.season();
  }

  /** Returns, for each target, the mean absolute error that is the unit of MASE. */
  public List<Double> naiveErrors() {
    return content.naiveErrors();
  }

  /**
   * Forecasts how a file continues, which is read like those of the training. If the model reads
   * columns whose future is known, the file must continue with rows whose targets are empty.
   *
   * @param levels levels of the wanted quantiles, such as 0.05 and 0.95; none for {@link
   *     #usualLevels}
   * @throws InputException if the file does not fit the model, or the model has no such quantiles
   */
  public Forecast forecast(Path file, double... levels) {
    return forecast(SeriesFormat.find().read(file, wanted()), wantedLevels(levels));
  }

  /**
   * Forecasts how a table continues that is in memory, with a header and the rows of one series, as
   * a file has them. A column that the model does not read may hold their times.
   *
   * @param name what messages call it
   * @param levels levels of the wanted quantiles; none for {@link #usualLevels}
   * @throws InputException if it does not fit the model, or the model has no such quantiles
   */
  public Forecast forecastTable(String name, String table, double... levels) {
    return forecast(SeriesFormat.find().read(name, table, wanted()), wantedLevels(levels));
  }

  /**
   * Forecasts how each series of a file continues, by the names in the column that distinguishes
   * the series, in file order.
   *
   * @param levels levels of the wanted quantiles; none for {@link #usualLevels}
   * @throws InputException if the file does not fit the model, or the model has no such quantiles
   */
  public Map<String, Forecast> forecastEach(Path file, double... levels) {
    var all = new LinkedHashMap<String, Forecast>();
    SeriesFormat.find()
        .readEach(file, wanted())
        .forEach((name, series) -> all.put(name, forecast(series, wantedLevels(levels))));
    return all;
  }

  /**
   * Forecasts how measurements from memory continue, in the same way. If the model has one target
   * and the measurements have one unnamed column, that column is the target.
   *
   * @param levels levels of the wanted quantiles; none for {@link #usualLevels}
   * @throws InputException if they do not fit the model, or the model has no such quantiles
   */
  public Forecast forecast(Measurements<?> rows, double... levels) {
    return forecast(SeriesFormat.find().read(named(rows), wanted()), wantedLevels(levels));
  }

  /** Returns measurements of which a column that nobody named is the only target. */
  Measurements<?> named(Measurements<?> rows) {
    List<String> targets = content.forecasting().targets();
    return targets.size() == 1 ? rows.named(targets.getFirst()) : rows;
  }

  /** Forecasts how a series of objects continues that have a time and the number to forecast. */
  public <T> Forecast forecast(
      Iterable<T> rows,
      Function<? super T, ? extends Temporal> time,
      ToDoubleFunction<? super T> value) {
    return forecast(Measurements.of(rows, time, value));
  }

  /** Forecasts how numbers that are one step apart continue, for a model that reads one column. */
  public Forecast forecast(List<Double> values) {
    return forecast(Measurements.of(values.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  private List<Double> wantedLevels(double... levels) {
    return levels.length == 0 ? usualLevels() : Arrays.stream(levels).sorted().boxed().toList();
  }

  /**
   * Returns the default levels of quantiles: those that the model was trained for, 0.1 and 0.9 for
   * a Gaussian, otherwise none.
   */
  public List<Double> usualLevels() {
    return switch (content.forecasting().head()) {
      case Regression.Quantiles own -> own.levels();
      case Regression.Gaussian own -> List.of(0.1, 0.9);
      default -> List.of();
    };
  }

  /** Returns how a series is read that is to be forecast. */
  private SeriesFormat.Wanted wanted() {
    ForecastSpec forecasting = content.forecasting();
    return new SeriesFormat.Wanted(
        provenance(), forecasting.columns(), forecasting.past(), forecasting.window().horizon());
  }

  /** Forecasts how a series without times continues, in the same way. */
  public Forecast forecast(Series series, double... levels) {
    return forecast(Series.Timed.of(series), wantedLevels(levels));
  }

  private Forecast forecast(Series.Timed series, List<Double> levels) {
    return forecast(series, levels, Workers.single());
  }

  /**
   * Forecasts how a series continues, from the first row in which a target has no number. The rows
   * of one horizon are forecast or, if the model has no context, all rows of the series.
   *
   * @param levels levels of the wanted quantiles
   * @throws InputException if rows are missing, or there are no such quantiles
   */
  public Forecast forecast(Series.Timed series, List<Double> levels, Workers workers) {
    int[] origins = origins(series.series());
    int last = origins[origins.length - 1] + content.forecasting().window().horizon() - 1;
    series.label(last); // an unknown time is refused before the work
    var found = numbers(series.series(), origins, levels, workers);
    return Forecast.of(series, content.forecasting().targets(), origins, found);
  }

  private int[] origins(Series series) {
    ForecastSpec forecasting = content.forecasting();
    int horizon = forecasting.window().horizon();
    int origin =
        forecasting.masked()
            ? afterLast(series, forecasting.targets())
            : origin(series, forecasting.targets());
    int open = series.size() - horizon - origin;
    if (forecasting.window().context() > 0 || open <= 0) {
      return new int[] {origin};
    }
    return IntStream.range(0, Math.ceilDiv(open, horizon)).map(i -> origin + i * horizon).toArray();
  }

  /** The first row of which a target is not known. */
  private static int origin(Series series, List<String> targets) {
    int[] columns = targets.stream().mapToInt(series::column).toArray();
    for (int row = 0; row < series.size(); row++) {
      for (int column : columns) {
        if (Double.isNaN(series.rows()[row][column])) {
          return row;
        }
      }
    }
    return series.size();
  }

  /** The row after the last one of which a target is known, where numbers may be missing. */
  private static int afterLast(Series series, List<String> targets) {
    int[] columns = targets.stream().mapToInt(series::column).toArray();
    int row = series.size();
    while (row > 0) {
      double[] before = series.rows()[row - 1];
      if (IntStream.of(columns).anyMatch(column -> !Double.isNaN(before[column]))) {
        return row;
      }
      row--;
    }
    return row;
  }

  /**
   * Returns forecasts from some rows of a series. The context ends before an origin; from it on
   * only the known columns are read. Each forecast has the same bits as if it were the only one.
   *
   * @param origins the first rows that are forecast
   * @param levels levels of the wanted quantiles
   * @throws InputException if rows are missing, or there are no such quantiles
   */
  public List<Forecast> forecast(
      Series.Timed series, List<Integer> origins, List<Double> levels, Workers workers) {
    int[] rows = origins.stream().mapToInt(Integer::intValue).toArray();
    var found = numbers(series.series(), rows, levels, workers);
    List<String> targets = content.forecasting().targets();
    return IntStream.range(0, rows.length)
        .mapToObj(i -> Forecast.of(series, targets, new int[] {rows[i]}, List.of(found.get(i))))
        .toList();
  }

  /**
   * Opens a stream of measurements, which can forecast after each.
   *
   * @throws InputException if the model reads columns that are known ahead
   */
  public ForecastStream stream() {
    return new ForecastStream(
        content.forecasting(),
        (series, levels) ->
            numbers(series, new int[] {series.size()}, wantedLevels(levels), Workers.single())
                .getFirst());
  }

  /** Returns the numbers of {@link #forecast(Series.Timed, List, List, Workers)}. */
  List<Forecast.Computed> numbers(
      Series series, int[] origins, List<Double> levels, Workers workers) {
    ForecastSpec forecasting = content.forecasting();
    for (double level : levels) {
      if (!forecasting.head().known(level)) {
        throw new InputException(
            String.format(
                Locale.ROOT, "the head %s gives no quantile %s", forecasting.head().label(), level),
            forecasting.head() instanceof Regression.Quantiles quantiles
                ? String.format(
                    Locale.ROOT,
                    "It gives those of %s: an interval lies between two of them.",
                    quantiles.levels())
                : "Train with {head gaussian} or {head quantiles}.");
      }
    }
    Series own = series.select(forecasting.columns());
    ForecastRows.check(own, origins, forecasting);
    double[] values = content.scaling().standardized(own);
    var found = new ArrayList<Forecast.Computed>();
    int together = Math.max(1, 64 / forecasting.sequences());
    for (int from = 0; from < origins.length; from += together) {
      int[] some = Arrays.copyOfRange(origins, from, Math.min(origins.length, from + together));
      found.addAll(
          forecasting.recursive()
              ? new RecursiveForecasts(content, weights, buffers).of(values, some, levels, workers)
              : direct(values, some, levels, workers));
    }
    for (int i = 0; i < origins.length; i++) {
      ForecastRows.checkFinite(own, origins[i], found.get(i));
    }
    return found;
  }

  private List<Forecast.Computed> direct(
      double[] values, int[] origins, List<Double> levels, Workers workers) {
    ForecastSpec forecasting = content.forecasting();
    var places = IntStream.of(origins).mapToObj(row -> new Origin(0, row)).toList();
    var windows = new ForecastWindows(forecasting, content.season(), List.of(values), places);
    int[] all = IntStream.range(0, windows.size()).toArray();
    var batch = windows.batch(all);
    return buffers.use(
        batch.steps().rows(),
        space -> {
          Matrix outputs = network.outputs(weights, batch, space, workers);
          return read(windows, origins.length, outputs, batch.steps(), levels);
        });
  }

  private List<Forecast.Computed> read(
      ForecastWindows windows, int origins, Matrix outputs, Steps steps, List<Double> levels) {
    ForecastSpec forecasting = content.forecasting();
    var found = new ArrayList<Forecast.Computed>();
    for (int origin = 0; origin < origins; origin++) {
      var forecast = content.emptyForecast(levels);
      int first = origin * forecasting.sequences();
      for (int s = first; s < first + forecasting.sequences(); s++) {
        read(windows, s, outputs, steps, forecast);
      }
      found.add(forecast);
    }
    return found;
  }

  private void read(
      ForecastWindows windows, int s, Matrix outputs, Steps steps, Forecast.Computed forecast) {
    Regression head = content.forecasting().head();
    double[] z = new double[head.parameters()];
    var scales = windows.scales(s);
    windows.forEach(
        s,
        outputs,
        steps,
        (row, j, offset) -> {
          ForecastWindows.copy(outputs, offset, z);
          int target = windows.target(s, j);
          var scale = scales[j];
          double expected = windows.expected(s, row, j, scale);
          forecast.points()[row][target] =
              content.restored(expected + head.point(z), scale, target);
          for (int i = 0; i < forecast.levels().size(); i++) {
            forecast.quantiles()[i][row][target] =
                content.restored(
                    expected + head.quantile(z, forecast.levels().get(i)), scale, target);
          }
        });
  }
}
