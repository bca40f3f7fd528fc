package dev.unroll.model;

import dev.unroll.kernel.Precision;
import dev.unroll.model.Json.JsonException;
import dev.unroll.nn.Slice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A model as one {@code .safetensors} file: the tensors under their usual names and, as JSON in the
 * metadata, the network's description, the tokenizer with its vocabulary, and where the model came
 * from.
 *
 * @param network the network's description
 * @param vocabulary number of tokens
 * @param parameters all parameters, laid out as {@link LanguageNetwork#slices} says
 * @param precision what the weight matrices among them were rounded to, and are stored as
 * @param tokenizer how text becomes tokens, as the tokenizer describes itself
 * @param reading how the corpus was read: {@code stream} or {@code sentences}
 * @param provenance what the model was made from: data, options, seed, version, results
 */
public record ModelFile(
    Network network,
    int vocabulary,
    float[] parameters,
    Precision precision,
    Map<String, Object> tokenizer,
    String reading,
    Map<String, Object> provenance) {

  private static final long FORMAT = 1;

  /** Writes the file: beside, synced, then renamed. */
  public void write(Path file) {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("format", "unroll");
    metadata.put(
        "unroll.model",
        Json.write(
            Json.object(
                "format",
                FORMAT,
                "task",
                "language-model",
                "vocabulary",
                (long) vocabulary,
                "reading",
                reading,
                "network",
                network.toJson())));
    metadata.put("unroll.tokenizer", Json.write(tokenizer));
    metadata.put("unroll.provenance", Json.write(provenance));
    var slices = new LanguageNetwork(network, vocabulary).slices();
    Safetensors.write(file, new Safetensors.Content(metadata, slices, parameters, precision));
  }

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static ModelFile read(Path file) {
    Safetensors.Content content = Safetensors.read(file);
    try {
      Json.Reader model = Json.parse(text(content, "unroll.model"));
      if (model.whole("format") != FORMAT) {
        throw InputException.in(
            file,
            "is of format " + model.whole("format") + ", this program reads " + FORMAT,
            "Use a newer version of Unroll.");
      }
      Network network = described(file, () -> Network.fromJson(model.member("network")));
      int vocabulary = model.integer("vocabulary");
      List<Slice> slices = described(file, () -> slices(network, vocabulary));
      float[] parameters = content.arrange(slices);
      return new ModelFile(
          network,
          vocabulary,
          parameters,
          content.precision(),
          map(text(content, "unroll.tokenizer")),
          model.text("reading"),
          map(text(content, "unroll.provenance")));
    } catch (JsonException e) {
      throw InputException.in(
          file,
          "is not a model of Unroll: " + e.getMessage(),
          "Name a file that train has written.");
    }
  }

  /** Of a description that cannot be, the file is named, and not the option that mends it. */
  private static <T> T described(Path file, Supplier<T> part) {
    try {
      return part.get();
    } catch (InputException e) {
      throw InputException.in(
          file,
          "describes a network that cannot be: " + e.problem(),
          "Copy the file again, or train it again.");
    }
  }

  private static List<Slice> slices(Network network, int vocabulary) {
    if (vocabulary < 1) {
      throw new JsonException("a vocabulary of " + vocabulary);
    }
    return new LanguageNetwork(network, vocabulary).slices();
  }

  private static String text(Safetensors.Content content, String name) {
    String text = content.metadata().get(name);
    if (text == null) {
      throw new JsonException("its metadata has no " + name);
    }
    return text;
  }

  private static Map<String, Object> map(String json) {
    var map = new LinkedHashMap<String, Object>();
    Json.parse(json).members().forEach((name, value) -> map.put((String) name, value));
    return map;
  }
}
