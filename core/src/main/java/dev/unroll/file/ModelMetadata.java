package dev.unroll.file;

import dev.unroll.file.Json.JsonException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the metadata of every model file says, as JSON: the network's description with the task it
 * is for, the tokenizer with its vocabulary, and where the model came from.
 *
 * @param model the description; {@code format} and {@code task} come first
 * @param tokenizer how text becomes tokens, as the tokenizer describes itself
 * @param provenance what the model was made from
 */
public record ModelMetadata(
    Map<String, Object> model, Map<String, Object> tokenizer, Map<String, Object> provenance) {

  private static final long FORMAT = 1;
  private static final String MODEL = "unroll.model";

  /** Returns the beginning of a description, to which a task adds its own. */
  public static Map<String, Object> modelOf(String task) {
    return Json.object("format", FORMAT, "task", task);
  }

  /** Returns the metadata as a file holds it. */
  public Map<String, String> write() {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("format", "unroll");
    metadata.put(MODEL, Json.write(model));
    metadata.put("unroll.tokenizer", Json.write(tokenizer));
    metadata.put("unroll.provenance", Json.write(provenance));
    return metadata;
  }

  /**
   * Reads a file whose task is {@code task}.
   *
   * @param reader makes the model of the file's content and metadata
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static <T> T read(Path file, String task, Function<Found, T> reader) {
    Safetensors.Content content = Safetensors.read(file);
    try {
      Json.Reader model = Json.parse(text(content, MODEL));
      if (model.whole("format") != FORMAT) {
        throw InputException.in(
            file,
            "is of format " + model.whole("format") + ", this program reads " + FORMAT,
            "Use a newer version of Unroll.");
      }
      if (!model.text("task").equals(task)) {
        throw InputException.in(
            file,
            "is a model of the task " + model.text("task") + ", not of " + task,
            "Use it for that task, or name another model.");
      }
      return reader.apply(new Found(file, content, model));
    } catch (JsonException e) {
      throw InputException.in(
          file,
          "is not a model of Unroll: " + e.getMessage(),
          "Name a file that train has written.");
    }
  }

  /** Returns the task of a model file, or nothing where it is no model of ours. */
  public static String task(Path file) {
    String model = Safetensors.metadata(file).get(MODEL);
    try {
      return model == null ? "" : Json.parse(model).text("task");
    } catch (JsonException e) {
      return "";
    }
  }

  /**
   * A file that was read.
   *
   * @param file its place
   * @param content its tensors and metadata
   * @param model the description
   */
  public record Found(Path file, Safetensors.Content content, Json.Reader model) {

    /** Of a description that cannot be, the file is named, and not the option that mends it. */
    public <T> T described(Supplier<T> part) {
      try {
        return part.get();
      } catch (InputException e) {
        throw InputException.in(
            file,
            "describes a network that cannot be: " + e.problem(),
            "Copy the file again, or train it again.");
      }
    }

    /** Returns a number of the description that is at least {@code least}. */
    public int atLeast(int least, String name) {
      int value = model.integer(name);
      if (value < least) {
        throw new JsonException("a " + name + " of " + value);
      }
      return value;
    }

    public Map<String, Object> tokenizer() {
      return Json.parse(text(content, "unroll.tokenizer")).asMap();
    }

    public Map<String, Object> provenance() {
      return Json.parse(text(content, "unroll.provenance")).asMap();
    }
  }

  private static String text(Safetensors.Content content, String name) {
    String text = content.metadata().get(name);
    if (text == null) {
      throw new JsonException("its metadata has no " + name);
    }
    return text;
  }
}
