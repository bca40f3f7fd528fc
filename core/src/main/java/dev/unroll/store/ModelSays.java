package dev.unroll.store;

import dev.unroll.base.InputException;
import java.util.function.Supplier;

/** What a model says of how files are read for it, which it may say wrongly. */
public final class ModelSays {

  private ModelSays() {}

  /**
   * Returns what a field of a model says.
   *
   * @throws InputException that names the field, where it says what cannot be
   */
  public static <T> T read(String field, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (InputException e) {
      throw new InputException(
          "the model's description is not valid: " + field + ": " + e.problem(),
          "Copy the model again, or train it again.");
    }
  }
}
