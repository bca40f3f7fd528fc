package dev.unroll.task.lm;

import dev.unroll.base.InputException;
import dev.unroll.data.Condition;
import dev.unroll.layer.Steps;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The vectors that the sequences of a batch are written for, one after the other.
 *
 * @param condition what a network writes for, or null for nothing
 */
record GivenVectors(@Nullable Condition condition) {

  /** Returns how many numbers each step reads beside its token. */
  int appended() {
    return condition != null && condition.place() == Condition.Place.STEPS ? condition.inputs() : 0;
  }

  /** Returns the vectors of sequences that are all written for one thing. */
  static float[] repeated(float[] vector, int times) {
    float[] all = new float[Math.multiplyExact(vector.length, times)];
    for (int s = 0; s < times; s++) {
      System.arraycopy(vector, 0, all, s * vector.length, vector.length);
    }
    return all;
  }

  /**
   * Returns what each row reads beside its token, [R][appended].
   *
   * @param space where it goes, if there is room
   */
  float[] ofRows(Steps steps, float[] given, float[] space) {
    check(given, steps.batch());
    int width = appended();
    int size = Math.multiplyExact(steps.rows(), width);
    float[] rows = space.length < size ? new float[size] : space;
    for (int row = 0; row < steps.rows(); row++) {
      System.arraycopy(given, steps.sequence(row) * width, rows, row * width, width);
    }
    return rows;
  }

  /**
   * Refuses vectors that are not those of a batch.
   *
   * @throws InputException if nothing is given, but the network writes for something
   */
  void check(float[] given, int batch) {
    int wanted = condition == null ? 0 : condition.inputs();
    if (given.length == wanted * batch) {
      return;
    }
    if (condition != null && given.length == 0) {
      throw new InputException(
          condition.labels().isEmpty()
              ? String.format(
                  Locale.ROOT,
                  "the model writes for a vector of %d numbers, and none is named",
                  wanted)
              : "the model writes for a label, and none is named",
          condition.labels().isEmpty()
              ? "Name it, such as {given 0.5,1}."
              : String.format(
                  Locale.ROOT,
                  "Name one of %s, such as {given LABEL}.",
                  String.join(", ", condition.labels())));
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT, "%d numbers for %d sequences of %d", given.length, batch, wanted));
  }
}
