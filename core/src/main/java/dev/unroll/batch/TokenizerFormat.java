package dev.unroll.batch;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import java.util.Locale;
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
   * @throws JsonException if the description is not valid; it names the field
   * @throws InputException if no format knows it
   */
  static Tokenizer find(Json.Reader description) {
    for (TokenizerFormat format : Services.of(TokenizerFormat.class)) {
      if (format.knows(description)) {
        return description.parsed(format::restore);
      }
    }
    throw new InputException(
        "nothing on the class path knows the model's tokenizer",
        "Add the module unroll-text, or the one that the tokenizer came from.");
  }

  /**
   * Creates the tokenizer of a network, which must have as many tokens.
   *
   * @throws JsonException if the description is not valid, or of another size
   */
  static Tokenizer find(Json.Reader description, int size) {
    Tokenizer tokenizer = find(description);
    if (tokenizer.size() != size) {
      throw new JsonException(
          String.format(
              Locale.ROOT,
              "%s has %,d tokens, but the network %,d",
              description.place(),
              tokenizer.size(),
              size));
    }
    return tokenizer;
  }
}
