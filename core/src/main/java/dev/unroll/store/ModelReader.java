package dev.unroll.store;

import dev.unroll.data.Provenance;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import java.util.Map;

/** The descriptions in the metadata of a model file, for the codec of its task. */
public final class ModelReader {

  private final Map<String, String> metadata;
  private final Json.Reader model;

  /** Reads the description that the metadata has under a name. */
  ModelReader(Map<String, String> metadata, String name) {
    this.metadata = metadata;
    this.model = Json.parse(text(name));
  }

  /** Returns the description of the network and what belongs to it. */
  public Json.Reader model() {
    return model;
  }

  /** Returns the description of the tokenizer. */
  public Json.Reader tokenizer() {
    return new Json.Reader("tokenizer", Json.parse(text("unroll.tokenizer")).value());
  }

  Provenance provenance() {
    return Provenance.fromJson(
        new Json.Reader("provenance", Json.parse(text("unroll.provenance")).value()));
  }

  private String text(String name) {
    String text = metadata.get(name);
    if (text == null) {
      throw new JsonException("its metadata has no " + name);
    }
    return text;
  }
}
