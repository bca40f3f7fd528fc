package dev.unroll.task.forecast;

import dev.unroll.data.Series;
import dev.unroll.data.Standardization;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.kernel.Precision;
import dev.unroll.layer.Direction;
import dev.unroll.network.Network;
import dev.unroll.network.SignalNetwork;
import dev.unroll.task.KeptRun;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that the training of a forecaster needs. The best parameters are those with the least loss on
 * the validation part. Columns are standardised by the training part.
 *
 * @param forecasting what is forecast from what
 * @param network the layers
 * @param training series to learn from, each with the forecasting's columns in their order
 * @param validation series that choose the best parameters; the context of their first window is
 *     read too, but nothing in it is asked for
 * @param season rows of a season; 1 for none
 * @param options options of the run; those of streams are not used
 * @param reading how files of such series are read, kept in the model
 * @param kept what is kept of the run, and where
 */
public record ForecasterRun(
    ForecastSpec forecasting,
    Network network,
    List<Series> training,
    List<Series> validation,
    int season,
    Training options,
    Map<String, Object> reading,
    RunOutput kept)
    implements Run<Forecaster> {

  /** Checks that there is something to learn from, and that the options can be used. */
  public ForecasterRun {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    if (season < 1) {
      throw new InputException("a season of %,d rows".formatted(season), "It has 1 row or more.");
    }
    if (options.objective().labelSmoothing() > 0) {
      throw new InputException("label smoothing does nothing with numbers", "Leave it out.");
    }
    boolean forward =
        network.layers().stream().allMatch(layer -> layer.direction() == Direction.FORWARD);
    if (forecasting.recursive() && !forward) {
      throw new InputException(
          "a network that reads both ways cannot forecast recursively", "Read forward.");
    }
    for (Series each : training) {
      check(each, forecasting, season);
    }
    for (Series each : validation) {
      check(each, forecasting, 0);
    }
    checkVaries(training);
  }

  private static void check(Series series, ForecastSpec forecasting, int season) {
    if (!series.columns().equals(forecasting.columns())) {
      throw new IllegalArgumentException(
          "columns %s instead of %s".formatted(series.columns(), forecasting.columns()));
    }
    int rows = forecasting.window().rows();
    if (series.size() < rows) {
      throw new InputException(
          "%s: a part has %,d rows, but a context of %,d and a horizon of %,d need %,d"
              .formatted(
                  series.name(),
                  series.size(),
                  forecasting.window().context(),
                  forecasting.window().horizon(),
                  rows),
          "Make {context} or {horizon} smaller, or give more rows.");
    }
    if (series.size() <= season) {
      throw new InputException(
          "%s: %,d rows are no more than a season of %,d"
              .formatted(series.name(), series.size(), season),
          "Make {season} smaller, or give more rows.");
    }
    for (int row = 0; row < series.size(); row++) {
      for (int column = 0; column < series.columns().size(); column++) {
        if (!Double.isFinite(series.rows()[row][column])) {
          throw new InputException(
              "%s: row %,d has no number in column %s"
                  .formatted(series.name(), row + 1, series.columns().get(column)),
              "Fill it in, or leave the row or the column out.");
        }
      }
    }
  }

  private static void checkVaries(List<Series> training) {
    List<String> columns = training.getFirst().columns();
    for (int column = 0; column < columns.size(); column++) {
      double first = training.getFirst().rows()[0][column];
      boolean varies = false;
      for (Series each : training) {
        for (double[] row : each.rows()) {
          varies |= row[column] != first;
        }
      }
      if (!varies) {
        throw new InputException(
            "%s: column %s has the same number, %s, in all rows of the training part"
                .formatted(training.getFirst().name(), columns.get(column), first),
            "Nothing can be learnt from it: leave it out.");
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
          "%s: %,d rows, of which the last %,d choose the model, are too few for a context of %,d and a horizon of %,d"
              .formatted(
                  series.name(), series.size(), aside, context, forecasting.window().horizon()),
          "Make {context} or {horizon} smaller, change {valid-share}, or give more rows.");
    }
    return List.of(series.rows(0, border), series.rows(border - context, series.size()));
  }

  /** Returns what a {@link dev.unroll.train.Trainer} trains. */
  public ForecasterLearner learner() {
    var built = ForecasterFile.network(network, forecasting);
    return new ForecasterLearner(built, windows(training), windows(validation), options);
  }

  private ForecastWindows windows(List<Series> part) {
    var scaling = scaling();
    var origins = new ArrayList<ForecastWindows.Origin>();
    for (int i = 0; i < part.size(); i++) {
      int last = part.get(i).size() - forecasting.window().horizon();
      for (int row = forecasting.window().context(); row <= last; row++) {
        origins.add(new ForecastWindows.Origin(i, row));
      }
    }
    return new ForecastWindows(
        forecasting, part.stream().map(scaling::standardized).toList(), origins);
  }

  private Standardization scaling() {
    return Standardization.of(training);
  }

  @Override
  public String trainingFingerprint() {
    return fingerprint(training);
  }

  @Override
  public String validationFingerprint() {
    return fingerprint(validation);
  }

  /**
   * Trains and returns the model that did best on the validation part.
   *
   * @throws InputException if the model cannot be written; checkpoints, if any, are kept then
   */
  @Override
  public Forecaster run(TrainingListener listener) {
    var built = ForecasterFile.network(network, forecasting);
    var run = new KeptRun(options, kept, identity());
    return run.run(
        learner(),
        (parameters, reached, workers) -> model(run, built, parameters, reached),
        listener);
  }

  /** Returns the hash of some series. */
  private static String fingerprint(List<Series> all) {
    var fingerprint = new Fingerprint();
    for (Series each : all) {
      fingerprint.add(each.columns());
      for (double[] row : each.rows()) {
        fingerprint.add(row);
      }
    }
    return fingerprint.text();
  }

  @Override
  public Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training data", fingerprint(training));
    map.put("validation data", fingerprint(validation));
    map.put("forecasting", Json.write(forecasting.toJson()));
    map.put("network", Json.write(network.toJson()));
    return map;
  }

  /** Returns the model with given parameters; equal runs give equal models, byte for byte. */
  private Forecaster model(
      KeptRun run, SignalNetwork built, float[] parameters, KeptRun.Reached reached) {
    var map = new LinkedHashMap<String, Object>();
    map.put("version", LanguageModelRun.VERSION);
    map.put("training", fingerprint(training));
    map.put("trainingRows", training.stream().mapToLong(Series::size).sum());
    map.put("validation", fingerprint(validation));
    map.put("validationRows", validation.stream().mapToLong(Series::size).sum());
    map.putAll(new TreeMap<>(reading));
    map.put("seed", options.seed());
    map.put("options", options.describe());
    run.describe(map, reached);
    var file =
        new ForecasterFile(
            network,
            forecasting,
            scaling(),
            season,
            SeasonalNaive.errors(training, forecasting.targets().size(), season),
            parameters.clone(),
            Precision.FLOAT32,
            map);
    return new Forecaster(built, file);
  }
}
