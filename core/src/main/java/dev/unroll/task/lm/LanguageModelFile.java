package dev.unroll.task.lm;

import dev.unroll.data.Condition;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.ModelMetadata;
import dev.unroll.file.Safetensors;
import dev.unroll.kernel.Precision;
import dev.unroll.network.Network;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A language model as one {@code .safetensors} file: the tensors under their usual names and, as
 * JSON in the metadata, the network's description, the tokenizer with its vocabulary, and where the
 * model came from.
 *
 * @param network the network's description
 * @param vocabulary number of tokens
 * @param condition what it writes for, or null for nothing
 * @param parameters all parameters, laid out as {@link LanguageNetwork#slices} says
 * @param precision what the weight matrices among them were rounded to, and are stored as
 * @param tokenizer how text becomes tokens, as the tokenizer describes itself
 * @param reading how the corpus was read: {@code stream} or {@code sentences}
 * @param provenance what the model was made from: data, options, seed, version, results
 */
public record LanguageModelFile(
    Network network,
    int vocabulary,
    @Nullable Condition condition,
    float[] parameters,
    Precision precision,
    Map<String, Object> tokenizer,
    String reading,
    Map<String, Object> provenance) {

  /** The task of language models, as {@link #task} returns it. */
  public static final String LANGUAGE_MODEL = "language-model";

  /**
   * Returns what a model file is for, such as {@link #LANGUAGE_MODEL}; an empty text where it does
   * not say.
   *
   * @throws InputException if it is missing or no {@code .safetensors} file; whether it is whole is
   *     found when it is opened
   */
  public static String task(Path file) {
    return ModelMetadata.task(file);
  }

  /** Writes the file: beside, synced, then renamed. */
  public void write(Path file) {
    var model = ModelMetadata.modelOf(LANGUAGE_MODEL);
    model.put("vocabulary", (long) vocabulary);
    model.put("reading", reading);
    model.put("network", network.toJson());
    if (condition != null) {
      model.put("condition", condition.toJson());
    }
    var metadata = new ModelMetadata(model, tokenizer, provenance).write();
    var slices = new LanguageNetwork(network, vocabulary, condition).slices();
    Safetensors.write(file, new Safetensors.Content(metadata, slices, parameters, precision));
  }

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static LanguageModelFile read(Path file) {
    return ModelMetadata.read(file, LANGUAGE_MODEL, LanguageModelFile::of);
  }

  private static LanguageModelFile of(ModelMetadata.Found found) {
    Json.Reader model = found.model();
    Network network = found.described(() -> Network.fromJson(model.member("network")));
    int vocabulary = found.atLeast(1, "vocabulary");
    Condition condition =
        model.has("condition")
            ? found.described(() -> Condition.fromJson(model.member("condition")))
            : null;
    var built = found.described(() -> new LanguageNetwork(network, vocabulary, condition));
    return new LanguageModelFile(
        network,
        vocabulary,
        condition,
        found.content().arrange(built.slices()),
        found.content().precision(),
        found.tokenizer(),
        model.text("reading"),
        found.provenance());
  }
}
