package dev.unroll.data;

import dev.unroll.base.Labeled;

/** How a language model reads text. */
public enum Reading implements Labeled {
  /** One long stream: the state is carried across sentence ends and batches. */
  STREAM,
  /** Sentence by sentence: each starts from the zero state and ends with {@code <EOS>}. */
  SENTENCES;

  /** Returns the reading with a label. */
  public static Reading of(String label) {
    return Labeled.of(values(), label, "no way of reading is called ", "Use stream or sentences.");
  }
}
