package dev.unroll.task.transduce;

import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.ModelMetadata;
import dev.unroll.file.Safetensors;
import dev.unroll.kernel.Precision;
import dev.unroll.task.lm.LanguageModelFile;
import java.nio.file.Path;
import java.util.Map;

/**
 * An encoder-decoder as one {@code .safetensors} file, as {@link LanguageModelFile} is that of a
 * language model.
 *
 * @param description the network's description
 * @param sourceVocabulary number of tokens of sources
 * @param vocabulary number of tokens of targets
 * @param parameters all parameters, laid out as {@link TransducerNetwork#slices} says
 * @param precision what the weight matrices among them were rounded to, and are stored as
 * @param sourceTokenizer how sources become ids, as the tokenizer describes itself
 * @param tokenizer how targets become ids
 * @param provenance what the model was made from: data, options, seed, version, results
 */
public record TransducerFile(
    TransducerSpec description,
    int sourceVocabulary,
    int vocabulary,
    float[] parameters,
    Precision precision,
    Map<String, Object> sourceTokenizer,
    Map<String, Object> tokenizer,
    Map<String, Object> provenance) {

  /** The task of encoder-decoders. */
  public static final String TASK = "transduce";

  /** Writes the file: beside, synced, then renamed. */
  public void write(Path file) {
    var model = ModelMetadata.modelOf(TASK);
    model.put("sourceVocabulary", (long) sourceVocabulary);
    model.put("vocabulary", (long) vocabulary);
    model.put("transduction", description.toJson());
    model.put("sourceTokenizer", sourceTokenizer);
    var metadata = new ModelMetadata(model, tokenizer, provenance).write();
    var slices = new TransducerNetwork(description, sourceVocabulary, vocabulary).slices();
    Safetensors.write(file, new Safetensors.Content(metadata, slices, parameters, precision));
  }

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static TransducerFile read(Path file) {
    return ModelMetadata.read(file, TASK, TransducerFile::of);
  }

  private static TransducerFile of(ModelMetadata.Found found) {
    Json.Reader model = found.model();
    var description = found.described(() -> TransducerSpec.fromJson(model.member("transduction")));
    int sources = found.atLeast(1, "sourceVocabulary");
    int vocabulary = found.atLeast(1, "vocabulary");
    var built = found.described(() -> new TransducerNetwork(description, sources, vocabulary));
    return new TransducerFile(
        description,
        sources,
        vocabulary,
        found.content().arrange(built.slices()),
        found.content().precision(),
        model.member("sourceTokenizer").asMap(),
        found.tokenizer(),
        found.provenance());
  }
}
