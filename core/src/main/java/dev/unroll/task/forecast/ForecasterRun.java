package dev.unroll.task.forecast;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.Standardization;
import dev.unroll.data.Provenance;
import dev.unroll.data.Series;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.network.Network;
import dev.unroll.result.Overview;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the training of a forecaster needs. The best parameters are those with the least loss on
 * the validation part. Columns are standardized by the training part.
 */
public final class ForecasterRun extends Run<ForecasterFields> {

  /** What a run takes where its user says nothing. */
  public static final Defaults DEFAULTS =
      new Defaults(Defaults.RATE, 0, false, 0, Direction.FORWARD, 0.2);

  private final Parts data;
  private final boolean shrinks;
  private @Nullable Shrinkage shrinkage;

  /**
   * The series of a run.
   *
   * @param training series to learn from, each with the forecasting's columns in their order
   * @param validation series that choose the best parameters; the context of their first window is
   *     read too, but nothing in it is asked for
   * @param season rows of a season; 1 for none
   */
  public record Parts(List<Series> training, List<Series> validation, int season) {
    /** Copies the lists. */
    public Parts {
      training = List.copyOf(training);
      validation = List.copyOf(validation);
      if (season < 1) {
        throw new InputException(
            String.format(Locale.ROOT, "a season of %,d rows", season), "It has 1 row or more.");
      }
    }

    /** Returns the number of sequences to learn from. */
    public long windows(ForecastSpec forecasting) {
      int rows = forecasting.window().rows();
      return training.stream().mapToLong(each -> Math.max(0, each.size() - rows + 1)).sum()
          * forecasting.sequences();
    }
  }

  /**
   * Prepares a run.
   *
   * @param forecasting what is forecast from what
   * @param network the layers
   * @param data series to learn from, and those that choose the best parameters
   * @param options options of the run; those of streams are not used
   * @param output what is kept of the run, and where
   * @throws InputException if there is nothing to learn from, or options cannot be used
   */
  public ForecasterRun(
      ForecastSpec forecasting, Network network, Parts data, Training options, RunOutput output) {
    this(
        fields(forecasting, network, data, options, Standardization.of(data.training)),
        data,
        options,
        output,
        false);
    // a model that knows a column may read on where it is always the same; a new one learns nothing
    checkVaries(data.training, forecasting.columns().size());
  }

  /**
   * Prepares a run that trains a model further: its columns are standardized as they were.
   *
   * @param network the layers of the model, perhaps with other dropout
   */
  public static ForecasterRun from(
      ForecasterFields model, Network network, Parts data, Training options, RunOutput output) {
    var fields = fields(model.forecasting(), network, data, options, model.scaling());
    return new ForecasterRun(fields, data, options, output, false);
  }

  private ForecasterRun(
      ForecasterFields fields, Parts data, Training options, RunOutput output, boolean shrinks) {
    super(fields, options, output);
    this.data = data;
    this.shrinks = shrinks;
  }

  /**
   * The same run, whose forecasts are moved toward the last number or the one a season before, if
   * they are relative to it and the validation part then has less loss.
   */
  public ForecasterRun withShrinkage() {
    boolean applies = Shrinkage.applies(forecasting());
    return new ForecasterRun(fields(), data, options(), output(), applies);
  }

  private static ForecasterFields fields(
      ForecastSpec forecasting,
      Network network,
      Parts data,
      Training options,
      Standardization scaling) {
    if (options.objective().labelSmoothing() > 0) {
      throw new InputException(
          "label smoothing does nothing with numbers", "Leave {label-smoothing} out.");
    }
    boolean forward =
        network.layers().stream().allMatch(layer -> layer.direction() == Direction.FORWARD);
    if (forecasting.recursive() && !forward) {
      throw new InputException(
          "a bidirectional network cannot forecast recursively", "Read forward.");
    }
    data.training.forEach(each -> check(each, forecasting, data.season));
    data.validation.forEach(each -> check(each, forecasting, 0));
    checkVaries(data.training, forecasting.targets().size());
    return new ForecasterFields(
        ForecasterFields.network(network, forecasting),
        forecasting,
        scaling,
        data.season,
        SeasonalNaive.errors(data.training, forecasting.targets().size(), data.season));
  }

  private static void check(Series series, ForecastSpec forecasting, int season) {
    if (!series.columns().equals(forecasting.columns())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "columns %s instead of %s", series.columns(), forecasting.columns()));
    }
    int rows = forecasting.window().rows();
    if (series.size() < rows) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: a part has %,d rows, but a context of %,d and a horizon of %,d need %,d",
              series.name(),
              series.size(),
              forecasting.window().context(),
              forecasting.window().horizon(),
              rows),
          "Make {context} or {horizon} smaller, or give more rows.");
    }
    if (series.size() <= season) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %,d rows are no more than a season of %,d",
              series.name(),
              series.size(),
              season),
          "Make {season} smaller, or give more rows.");
    }
    for (int row = 0; !forecasting.masked() && row < series.size(); row++) {
      for (int column = 0; column < series.columns().size(); column++) {
        if (!Double.isFinite(series.rows()[row][column])) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "%s: row %,d has no number in column %s",
                  series.name(),
                  row + 1,
                  series.columns().get(column)),
              "Fill it in, or leave the row or the column out.");
        }
      }
    }
  }

  private static void checkVaries(List<Series> training, int count) {
    List<String> columns = training.getFirst().columns();
    for (int column = 0; column < count; column++) {
      double first = Double.NaN;
      boolean varies = false;
      for (Series each : training) {
        for (double[] row : each.rows()) {
          first = Double.isNaN(first) ? row[column] : first;
          varies |= !Double.isNaN(row[column]) && row[column] != first;
        }
      }
      if (!varies) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: column %s has the same number, %s, in all rows of the training part",
                training.getFirst().name(),
                columns.get(column),
                first),
            "Nothing can be learned from it: leave it out, or name what is forecast with"
                + " {target}.");
      }
    }
  }

  /**
   * Cuts a series in two: the last share of its rows is for validation, with the context of its
   * first window before it.
   *
   * @throws InputException if a part would be shorter than a window
   */
  public static List<Series> cut(Series series, double share, ForecastSpec forecasting) {
    int aside = (int) Math.round(series.size() * share);
    int border = series.size() - aside;
    int context = forecasting.window().context();
    if (aside < forecasting.window().horizon() || border < forecasting.window().rows()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %,d rows, of which the last %,d choose the model, are too few for a context of"
                  + " %,d and a horizon of %,d",
              series.name(),
              series.size(),
              aside,
              context,
              forecasting.window().horizon()),
          forecasting.window().rows() <= 2
              ? "Give more rows."
              : "Make {context} or {horizon} smaller, change {valid-share}, or give more rows.");
    }
    return List.of(series.rows(0, border), series.rows(border - context, series.size()));
  }

  /** Returns what is forecast, and from what. */
  public ForecastSpec forecasting() {
    return fields().forecasting();
  }

  /** Returns the series. */
  public Parts data() {
    return data;
  }

  @Override
  protected Overview understood() {
    return ForecastOverview.of(forecasting(), data.training(), data.validation(), data.season());
  }

  @Override
  public ForecasterLearner learner() {
    return new ForecasterLearner(
        fields().network(), windows(data.training), windows(data.validation), options());
  }

  private ForecastWindows windows(List<Series> part) {
    var window = forecasting().window();
    var origins = new ArrayList<ForecastWindows.Origin>();
    for (int i = 0; i < part.size(); i++) {
      int last = part.get(i).size() - window.horizon();
      for (int row = window.context(); row <= last; row++) {
        if (!forecasting().masked() || isKnown(part.get(i), row)) {
          origins.add(new ForecastWindows.Origin(i, row));
        }
      }
    }
    if (origins.isEmpty()) {
      throw new InputException(
          part.getFirst().name()
              + ": no window has known numbers of each target before and after it",
          "Leave the emptiest target out, or give more rows.");
    }
    return new ForecastWindows(
        forecasting(),
        data.season,
        part.stream().map(fields().scaling()::standardized).toList(),
        origins);
  }

  /** Returns whether anything is known of each target's context, if any, and of its horizon. */
  private boolean isKnown(Series series, int origin) {
    var window = forecasting().window();
    for (int target = 0; target < forecasting().targets().size(); target++) {
      if (!isKnown(series, target, origin, origin + window.horizon())
          || (window.context() > 0
              && !isKnown(series, target, origin - window.context(), origin))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnown(Series series, int column, int from, int to) {
    for (int row = from; row < to; row++) {
      if (!Double.isNaN(series.rows()[row][column])) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected ModelFile<ForecasterFields> finished(
      ModelFile<ForecasterFields> trained, Workers workers) {
    return shrinks ? shrinkage().of(trained, workers) : trained;
  }

  /** The windows that choose are laid out once. */
  private Shrinkage shrinkage() {
    Shrinkage own = shrinkage;
    if (own == null) {
      ForecastWindows chosenBy = windows(data.validation);
      var validates = new ForecasterLearner(fields().network(), chosenBy, chosenBy, options());
      own = new Shrinkage(validates, forecasting().head());
      shrinkage = own;
    }
    return own;
  }

  @Override
  protected Provenance.Part trainingPart() {
    return part(data.training);
  }

  @Override
  protected Provenance.Part validationPart() {
    return part(data.validation);
  }

  private static Provenance.Part part(List<Series> all) {
    var fingerprint = new Fingerprint();
    for (Series each : all) {
      fingerprint.add(each.columns());
      for (double[] row : each.rows()) {
        fingerprint.add(row);
      }
    }
    long rows = all.stream().mapToLong(Series::size).sum();
    return new Provenance.Part(fingerprint.text(), Map.of("Rows", rows));
  }

  @Override
  protected Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training data", trainingPart().fingerprint());
    map.put("validation data", validationPart().fingerprint());
    map.put("forecasting", Json.write(forecasting().toJson()));
    map.put("season", Integer.toString(data.season));
    map.put("network", Json.write(fields().network().description().network().toJson()));
    if (shrinks) {
      map.put("shrinkage", "toward what forecasts are relative to");
    }
    return map;
  }
}
