package dev.unroll.data;

import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Creates tokenizers from the descriptions in model files. Found by {@link ServiceLoader}, so that
 * {@code core} need not know the modules that have tokenizers.
 */
public interface TokenizerFormat {

  /** Returns whether the description is one of this format. */
  boolean knows(Json.Reader description);

  /** Creates the tokenizer. */
  Tokenizer restore(Json.Reader description);

  /**
   * Creates a tokenizer from its description, by the format that knows it.
   *
   * @throws InputException if none does
   */
  static Tokenizer find(java.util.Map<String, Object> description) {
    var json = new Json.Reader(description);
    for (TokenizerFormat format : formats()) {
      if (format.knows(json)) {
        return format.restore(json);
      }
    }
    throw new InputException(
        "nothing on the class path knows the model's tokenizer",
        "Add the module unroll-text, or the one that the tokenizer came from.");
  }

  /**
   * Returns the formats that can be found by the class loader of this type: the one of the thread
   * is another in servers and plug-ins, or none.
   */
  private static ServiceLoader<TokenizerFormat> formats() {
    return ServiceLoader.load(TokenizerFormat.class, TokenizerFormat.class.getClassLoader());
  }

  /**
   * Creates the tokenizer of a model file.
   *
   * @throws InputException that names the file, if that fails
   */
  static Tokenizer find(java.util.Map<String, Object> description, Path file) {
    try {
      return find(description);
    } catch (Json.JsonException e) {
      throw InputException.in(
          file, "its tokenizer cannot be read: " + e.getMessage(), "Copy the file again.");
    }
  }
}
