package dev.unroll.batch;

import dev.unroll.data.Condition;
import dev.unroll.layer.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some sequences of tokens to train on or to score, time-major: element r of the arrays belongs to
 * row r of the shape.
 *
 * @param steps lengths of the sequences
 * @param inputs x⟨t⟩ of each row; {@link dev.unroll.layer.Embedding#START} before the first token
 * @param targets y⟨t⟩ of each row
 * @param continues whether each sequence continues where the one of the previous batch ended
 * @param conditions the vectors that the sequences are written for ({@link Condition}), one after
 *     the other; none where there is no condition
 */
public record Batch(
    Steps steps, int[] inputs, int[] targets, boolean[] continues, float[] conditions) {

  /** Sequences without a condition, all of which continue, or all begin. */
  public Batch(Steps steps, int[] inputs, int[] targets, boolean continues) {
    this(steps, inputs, targets, all(steps, continues), new float[0]);
  }

  /** Sequences that all begin. */
  public Batch(Steps steps, int[] inputs, int[] targets, float[] conditions) {
    this(steps, inputs, targets, all(steps, false), conditions);
  }

  private static boolean[] all(Steps steps, boolean continues) {
    boolean[] each = new boolean[steps.batch()];
    Arrays.fill(each, continues);
    return each;
  }

  /** Returns some consecutive sequences of the batch. */
  public Batch sequences(int from, int to) {
    int[] lengths = new int[to - from];
    for (int s = from; s < to; s++) {
      lengths[s - from] = steps.length(s);
    }
    var own = Steps.of(lengths);
    int[] x = new int[own.rows()];
    int[] y = new int[own.rows()];
    for (int t = 0; t < own.length(); t++) {
      int first = steps.row(t, from);
      int count = steps.row(t, to) - first;
      System.arraycopy(inputs, first, x, own.row(t, 0), count);
      System.arraycopy(targets, first, y, own.row(t, 0), count);
    }
    int width = conditions.length / steps.batch();
    return new Batch(
        own,
        x,
        y,
        Arrays.copyOfRange(continues, from, to),
        Arrays.copyOfRange(conditions, from * width, to * width));
  }

  /** Returns whether any of the sequences continues where the one of the previous batch ended. */
  public boolean anyContinues() {
    for (boolean each : continues) {
      if (each) {
        return true;
      }
    }
    return false;
  }

  /**
   * Some consecutive steps of all sequences.
   *
   * @param batch these steps
   * @param firstRow the place of their first row in the whole batch
   */
  public record Part(Batch batch, int firstRow) {}

  /** Cuts the batch after every {@code length} steps; 0 for never. */
  public List<Part> parts(int length) {
    if (length == 0 || steps.length() <= length) {
      return List.of(new Part(this, 0));
    }
    var parts = new ArrayList<Part>();
    for (int from = 0; from < steps.length(); from += length) {
      int to = Math.min(steps.length(), from + length);
      int[] lengths = new int[steps.batch()];
      for (int s = 0; s < lengths.length; s++) {
        lengths[s] = Math.clamp(steps.length(s) - from, 0, to - from);
      }
      int first = steps.row(from, 0);
      int last = steps.row(to - 1, steps.batch());
      var part =
          new Batch(
              Steps.of(lengths),
              Arrays.copyOfRange(inputs, first, last),
              Arrays.copyOfRange(targets, first, last),
              continues,
              conditions);
      parts.add(new Part(part, first));
    }
    return parts;
  }
}
