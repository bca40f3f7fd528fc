package dev.unroll.task.label;

import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.ModelMetadata;
import dev.unroll.file.Safetensors;
import dev.unroll.kernel.Precision;
import dev.unroll.task.lm.LanguageModelFile;
import java.nio.file.Path;
import java.util.Map;

/**
 * A network that labels as one {@code .safetensors} file, as {@link LanguageModelFile} is that of a
 * language model.
 *
 * @param description the network's description
 * @param vocabulary number of tokens
 * @param characters number of characters, 0 where words are not read by them
 * @param parameters all parameters, laid out as {@link LabelNetwork#slices} says
 * @param precision what the weight matrices among them were rounded to, and are stored as
 * @param lexicon how tokens become ids, as the lexicon describes itself
 * @param labels what the task says of its labels and columns
 * @param provenance what the model was made from: data, options, seed, version, results
 */
public record LabelModelFile(
    LabelSpec description,
    int vocabulary,
    int characters,
    float[] parameters,
    Precision precision,
    Map<String, Object> lexicon,
    Map<String, Object> labels,
    Map<String, Object> provenance) {

  /** The task of networks that label whole sequences. */
  public static final String CLASSIFY = "classify";

  /** The task of networks that label each token. */
  public static final String TAG = "tag";

  /** Returns whether a task is one of networks that label. */
  public static boolean isTask(String task) {
    return task.equals(CLASSIFY) || task.equals(TAG);
  }

  private static String task(LabelSpec description) {
    return description.output() instanceof LabelSpec.OfSteps ? TAG : CLASSIFY;
  }

  /** Writes the file: beside, synced, then renamed. */
  public void write(Path file) {
    var model = ModelMetadata.modelOf(task(description));
    model.put("vocabulary", (long) vocabulary);
    model.put("characters", (long) characters);
    model.put("labelling", description.toJson());
    model.put("labels", labels);
    var metadata = new ModelMetadata(model, lexicon, provenance).write();
    var slices = new LabelNetwork(description, vocabulary, characters).slices();
    Safetensors.write(file, new Safetensors.Content(metadata, slices, parameters, precision));
  }

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @param task {@link #CLASSIFY} or {@link #TAG}
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static LabelModelFile read(Path file, String task) {
    return ModelMetadata.read(file, task, LabelModelFile::of);
  }

  private static LabelModelFile of(ModelMetadata.Found found) {
    Json.Reader model = found.model();
    var description = found.described(() -> LabelSpec.fromJson(model.member("labelling")));
    if (!task(description).equals(model.text("task"))) {
      throw new Json.JsonException("its network is not one of its task");
    }
    int vocabulary = found.atLeast(1, "vocabulary");
    int characters = found.atLeast(description.spelling() == null ? 0 : 1, "characters");
    var built = found.described(() -> new LabelNetwork(description, vocabulary, characters));
    return new LabelModelFile(
        description,
        vocabulary,
        characters,
        found.content().arrange(built.slices()),
        found.content().precision(),
        found.tokenizer(),
        model.member("labels").asMap(),
        found.provenance());
  }
}
