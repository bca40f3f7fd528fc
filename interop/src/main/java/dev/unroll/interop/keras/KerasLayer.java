package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import java.util.List;

/**
 * A layer as a configuration describes it.
 *
 * @param file the name of the file, for messages
 * @param kind its class in Keras, such as {@code LSTM}
 * @param name what whoever built the model calls it
 * @param config its options
 * @param path where its weights stand in the file; empty where it is part of another layer
 */
record KerasLayer(String file, String kind, String name, Json.Reader config, String path) {

  /** A layer that is wrapped by this one, under the name of the wrapper. */
  KerasLayer inner(Json.Reader json) {
    Json.Reader options = json.member("config");
    return new KerasLayer(file, json.text("class_name"), name, options, "");
  }

  /** An exception that names this layer. */
  InputException refusal(String problem, String fix) {
    return InputException.in(file, "the layer " + name + " (" + kind + ") " + problem, fix);
  }

  /** An option that is true or false, with Keras' value where the file does not say. */
  boolean flag(String option, boolean usual) {
    return has(option) ? config.flag(option) : usual;
  }

  /** Whether the file gives a value to an option. */
  boolean has(String option) {
    return config.members().get(option) != null;
  }

  /** A text, with Keras' value where the file does not say. */
  String text(String option, String usual) {
    return has(option) ? config.text(option) : usual;
  }

  /**
   * Refuses activations that our cells do not have.
   *
   * @param option which activation
   * @param usual Keras' own value
   * @param known those that there are
   * @return the one that the layer has
   */
  String activation(String option, String usual, List<String> known) {
    Object value = config.members().get(option);
    String none = config.has(option) ? "linear" : usual;
    String found = value == null ? none : nameOf(value);
    if (!known.contains(found)) {
      throw refusal(
          "has the " + option.replace('_', ' ') + " " + found,
          "Ours is " + String.join(" or ", known) + ": train it with that one.");
    }
    return found;
  }

  /** An activation is a text, or an object that names its class or its function. */
  private static String nameOf(Object value) {
    if (value instanceof String text) {
      return text;
    }
    var reader = new Json.Reader("activation", value);
    Object config = reader.members().get("config");
    return config instanceof String function ? function : reader.text("class_name");
  }
}
