package dev.unroll.data;

import dev.unroll.file.InputException;
import java.util.Locale;

/** How a language model reads text. */
public enum Reading {
  /** One long stream: the state is carried over the ends of sentences, and from batch to batch. */
  STREAM,
  /** Sentence by sentence: each begins from the zero state and is closed by {@code <EOS>}. */
  SENTENCES;

  /** Returns the name that users give and model files have. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the reading with a label. */
  public static Reading of(String label) {
    for (Reading reading : values()) {
      if (reading.label().equals(label)) {
        return reading;
      }
    }
    throw new InputException("no way of reading is called " + label, "Use stream or sentences.");
  }
}
