package dev.unroll.task.recognize;

import dev.unroll.data.Standardization;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.ModelMetadata;
import dev.unroll.file.Safetensors;
import dev.unroll.kernel.Precision;
import dev.unroll.network.Network;
import dev.unroll.network.SignalNetwork;
import dev.unroll.network.SignalSpec;
import dev.unroll.task.lm.LanguageModelFile;
import java.nio.file.Path;
import java.util.Map;

/**
 * A network that labels without alignment as one {@code .safetensors} file, as {@link
 * LanguageModelFile} is that of a language model.
 *
 * @param network embedding, where sources have tokens, and layers
 * @param vocabulary number of tokens of sources; 0 where they are numbers
 * @param scaling how numbers are read; of no column where sources have tokens
 * @param labels number of tokens of targets; the end of a sentence is the blank
 * @param parameters all parameters, laid out as {@link SignalNetwork#slices} says
 * @param precision what the weight matrices among them were rounded to, and are stored as
 * @param sourceTokenizer how sources become ids, as the tokenizer describes itself; empty where
 *     they are numbers
 * @param tokenizer how targets become ids
 * @param provenance what the model was made from: data, options, seed, version, results
 */
public record RecognizerFile(
    Network network,
    int vocabulary,
    Standardization scaling,
    int labels,
    float[] parameters,
    Precision precision,
    Map<String, Object> sourceTokenizer,
    Map<String, Object> tokenizer,
    Map<String, Object> provenance) {

  /** The task of networks that label without alignment. */
  public static final String TASK = "recognize";

  /** Returns the network's description. */
  public static SignalSpec signal(Network network, int inputs, int labels) {
    return new SignalSpec(network, inputs, labels, true);
  }

  /** Writes the file: beside, synced, then renamed. */
  public void write(Path file) {
    var model = ModelMetadata.modelOf(TASK);
    model.put("network", network.toJson());
    model.put("vocabulary", (long) vocabulary);
    model.put("scaling", scaling.toJson());
    model.put("labels", (long) labels);
    model.put("sourceTokenizer", sourceTokenizer);
    var metadata = new ModelMetadata(model, tokenizer, provenance).write();
    var signal = signal(network, scaling.means().size(), labels);
    var slices = new SignalNetwork(signal, vocabulary).slices();
    Safetensors.write(file, new Safetensors.Content(metadata, slices, parameters, precision));
  }

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static RecognizerFile read(Path file) {
    return ModelMetadata.read(file, TASK, RecognizerFile::of);
  }

  private static RecognizerFile of(ModelMetadata.Found found) {
    Json.Reader model = found.model();
    Network network = found.described(() -> Network.fromJson(model.member("network")));
    int vocabulary = found.atLeast(0, "vocabulary");
    int labels = found.atLeast(1, "labels");
    var scaling = found.described(() -> Standardization.fromJson(model.member("scaling")));
    var signal = found.described(() -> signal(network, scaling.means().size(), labels));
    var built = found.described(() -> new SignalNetwork(signal, vocabulary));
    return new RecognizerFile(
        network,
        vocabulary,
        scaling,
        labels,
        found.content().arrange(built.slices()),
        found.content().precision(),
        model.member("sourceTokenizer").asMap(),
        found.tokenizer(),
        found.provenance());
  }
}
