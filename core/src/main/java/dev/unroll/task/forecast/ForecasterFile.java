package dev.unroll.task.forecast;

import dev.unroll.data.Standardization;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.ModelMetadata;
import dev.unroll.file.Safetensors;
import dev.unroll.kernel.Precision;
import dev.unroll.network.Network;
import dev.unroll.network.SignalNetwork;
import dev.unroll.task.lm.LanguageModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A network that forecasts as one {@code .safetensors} file, as {@link LanguageModelFile} is that
 * of a language model.
 *
 * @param network layers, and embedding where each target is read alone
 * @param forecasting what is forecast from what
 * @param scaling how the columns are read, in the order of {@link ForecastSpec#columns}
 * @param season rows of a season, by which the seasonal-naive forecast goes
 * @param naiveErrors of each target, the mean absolute error of the seasonal-naive forecast of one
 *     season on the training part: the unit of MASE (Hyndman and Koehler 2006)
 * @param parameters all parameters, laid out as {@link SignalNetwork#slices} says
 * @param precision what the weight matrices among them were rounded to, and are stored as
 * @param provenance what the model was made from: data, options, seed, version, results
 */
public record ForecasterFile(
    Network network,
    ForecastSpec forecasting,
    Standardization scaling,
    int season,
    List<Double> naiveErrors,
    float[] parameters,
    Precision precision,
    Map<String, Object> provenance) {

  /** The task of networks that forecast. */
  public static final String TASK = "forecast";

  /** Writes the file: beside, synced, then renamed. */
  public void write(Path file) {
    var model = ModelMetadata.modelOf(TASK);
    model.put("network", network.toJson());
    model.put("forecasting", forecasting.toJson());
    model.put("scaling", scaling.toJson());
    model.put("season", (long) season);
    model.put("naiveErrors", naiveErrors);
    var metadata = new ModelMetadata(model, Map.of(), provenance).write();
    var slices = network(network, forecasting).slices();
    Safetensors.write(file, new Safetensors.Content(metadata, slices, parameters, precision));
  }

  /** Builds the network. */
  public static SignalNetwork network(Network network, ForecastSpec forecasting) {
    return new SignalNetwork(forecasting.signal(network), forecasting.vocabulary());
  }

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static ForecasterFile read(Path file) {
    return ModelMetadata.read(file, TASK, ForecasterFile::of);
  }

  private static ForecasterFile of(ModelMetadata.Found found) {
    Json.Reader model = found.model();
    Network network = found.described(() -> Network.fromJson(model.member("network")));
    var forecasting = found.described(() -> ForecastSpec.fromJson(model.member("forecasting")));
    var scaling = found.described(() -> Standardization.fromJson(model.member("scaling")));
    var naiveErrors = model.numbers("naiveErrors");
    if (scaling.means().size() != forecasting.columns().size()
        || naiveErrors.size() != forecasting.targets().size()) {
      throw new Json.JsonException("numbers for other columns than its own");
    }
    var built = found.described(() -> network(network, forecasting));
    return new ForecasterFile(
        network,
        forecasting,
        scaling,
        found.atLeast(1, "season"),
        naiveErrors,
        found.content().arrange(built.slices()),
        found.content().precision(),
        found.provenance());
  }
}
