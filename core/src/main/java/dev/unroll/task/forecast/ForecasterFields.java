package dev.unroll.task.forecast;

import dev.unroll.base.InputException;
import dev.unroll.batch.Standardization;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.kernel.Layout;
import dev.unroll.network.Network;
import dev.unroll.network.Relative;
import dev.unroll.result.Forecast;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.store.ModelCodec;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelReader;
import dev.unroll.store.ModelSays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a forecaster is, apart from its weights.
 *
 * @param network the network, which is built
 * @param forecasting what is forecast from what
 * @param scaling how the columns are read, in the order of {@link ForecastSpec#columns}
 * @param season rows of a season, by which the seasonal-naive forecast goes
 * @param naiveErrors of each target, the mean absolute error of the seasonal-naive forecast of one
 *     season on the training part: the unit of MASE (Hyndman and Koehler 2006)
 */
public record ForecasterFields(
    SignalNetwork network,
    ForecastSpec forecasting,
    Standardization scaling,
    int season,
    List<Double> naiveErrors)
    implements ModelFields {

  /** How files of forecasters are read. */
  public static final ModelCodec<ForecasterFields> CODEC =
      new ModelCodec<>("forecast", ForecasterFields::read);

  /** Checks that a season before a forecast is read where it is relative to that. */
  public ForecasterFields {
    boolean seasonal = forecasting.relative() == Relative.SEASON;
    if (seasonal && forecasting.window().context() < season) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "targets are relative to a season of %,d rows before, of which a context of %,d does not read all",
              season,
              forecasting.window().context()),
          "Make {context} as long as {season}, or take {relative window}.");
    }
  }

  /** Builds the network of some layers. */
  public static SignalNetwork network(Network layers, ForecastSpec forecasting) {
    return new SignalNetwork(forecasting.signal(layers), forecasting.vocabulary());
  }

  @Override
  public String task() {
    return CODEC.task();
  }

  @Override
  public Layout layout() {
    return network.layout();
  }

  @Override
  public Map<String, Object> toJson() {
    return Json.object(
        "network", network.description().network().toJson(),
        "forecasting", forecasting.toJson(),
        "scaling", scaling.toJson(),
        "season", (long) season,
        "naiveErrors", naiveErrors);
  }

  @Override
  public Map<String, Object> tokenizerJson() {
    return Map.of();
  }

  /** Returns a forecast of the horizon, with nothing in it. */
  public Forecast.Computed emptyForecast(List<Double> levels) {
    return new Forecast.Computed(
        forecasting.window().horizon(), forecasting.targets().size(), levels);
  }

  /** Returns a number in the unit of its column. */
  public double restored(double value, ForecastWindows.Scale scale, int target) {
    return scaling.restored(scale.center() + scale.unit() * value, target);
  }

  private static ForecasterFields read(ModelReader file) {
    Json.Reader model = file.model();
    Network layers = model.part("network", Network::fromJson);
    ForecastSpec forecasting = model.part("forecasting", ForecastSpec::fromJson);
    int columns = forecasting.columns().size();
    var scaling = model.part("scaling", json -> Standardization.fromJson(json, columns));
    int season = model.integer("season", 1);
    var naiveErrors =
        model.numbers("naiveErrors", forecasting.targets().size(), 0, Double.MAX_VALUE);
    if (naiveErrors.stream().anyMatch(each -> each > 0 && each < SeasonalNaive.LEAST_ERROR)) {
      throw new JsonException("naiveErrors are too small to divide by: " + naiveErrors);
    }
    var network = model.parsed(each -> network(layers, forecasting));
    return ModelSays.read(
        "season", () -> new ForecasterFields(network, forecasting, scaling, season, naiveErrors));
  }
}
