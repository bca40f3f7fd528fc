package dev.unroll.file;

import dev.unroll.file.Json.JsonException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A model file that is read: what its metadata says, for the codec of its task. */
public final class ModelReader {

  private final Path file;
  private final Safetensors.Content content;
  private final Json.Reader model;

  /** Reads the description that the metadata has under a name. */
  ModelReader(Path file, Safetensors.Content content, String name) {
    this.file = file;
    this.content = content;
    this.model = Json.parse(text(content, name));
  }

  void check(long format, String task) {
    if (model.whole("format") != format) {
      throw InputException.in(
          file,
          "is of format " + model.whole("format") + ", this program reads " + format,
          "Use a newer version of Unroll.");
    }
    if (!model.text("task").equals(task)) {
      throw InputException.in(
          file,
          "is a model of the task " + model.text("task") + ", not of " + task,
          "Use it for that task, or name another model.");
    }
  }

  /** Returns the place of the file. */
  public Path file() {
    return file;
  }

  /** Returns the description of the network and what belongs to it. */
  public Json.Reader model() {
    return model;
  }

  /**
   * Returns a part of the description. Where it cannot be, the error names the file, and not the
   * option that would fix it.
   */
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

  /** Returns the description of the tokenizer. */
  public Map<String, Object> tokenizer() {
    return Json.parse(text(content, "unroll.tokenizer")).asMap();
  }

  Provenance provenance() {
    return new Provenance(Json.parse(text(content, "unroll.provenance")).asMap());
  }

  private static String text(Safetensors.Content content, String name) {
    String text = content.metadata().get(name);
    if (text == null) {
      throw new JsonException("its metadata has no " + name);
    }
    return text;
  }
}
