package dev.unroll.interop.export;

import org.jspecify.annotations.Nullable;

/** The sequences that a graph reads side by side: their number and lengths, as its values. */
final class Sequences {

  private final GraphWriter g;

  /** T, without axes. */
  private final String steps;

  /** B, [1]. */
  private final String batch;

  private final @Nullable String lengths;
  private @Nullable String ofOperators;
  private @Nullable String positions;
  private @Nullable String mask;

  private Sequences(GraphWriter g, String steps, String batch, @Nullable String lengths) {
    this.g = g;
    this.steps = steps;
    this.batch = batch;
    this.lengths = lengths;
  }

  /**
   * Sequences whose shape is that of a value.
   *
   * @param x [batch][steps], with any further axes
   * @param lengths [batch], or null where all are as long as {@code x}
   */
  static Sequences of(GraphWriter g, String x, @Nullable String lengths) {
    return new Sequences(g, g.length(x, 1), g.unsqueeze(g.length(x, 0), 0), lengths);
  }

  /** Returns the number of steps, [1]. */
  String steps() {
    return g.unsqueeze(steps, 0);
  }

  /** Returns the number of sequences, [1]. */
  String batch() {
    return batch;
  }

  /** Returns whether sequences may be of unequal lengths. */
  boolean ragged() {
    return lengths != null;
  }

  /** Returns the lengths as the recurrent operators read them, [batch]; empty for none. */
  String ofOperators() {
    if (lengths == null) {
      return "";
    }
    String own = ofOperators;
    if (own == null) {
      own = g.cast(lengths, Type.INT32);
      ofOperators = own;
    }
    return own;
  }

  /** Returns the lengths, [batch]: of equal ones the number of steps. */
  String lengths() {
    return lengths != null ? lengths : g.expand(steps(), batch);
  }

  /**
   * Repeats what is given of each sequence, [batch][width], for each step: [steps][batch][width].
   */
  String eachStep(String given, int width) {
    return g.expand(g.unsqueeze(given, 0), steps(), batch, width);
  }

  /** Returns 0, 1, … of all steps, [steps][1]. */
  String positions() {
    String own = positions;
    if (own == null) {
      own = g.unsqueeze(g.range(steps), 1);
      positions = own;
    }
    return own;
  }

  /** Returns whether a sequence has a step, [steps][batch]. */
  String mask() {
    String own = mask;
    if (own == null) {
      own = g.op("Less", positions(), g.unsqueeze(lengths(), 0));
      mask = own;
    }
    return own;
  }

  /** Returns 1 where a step is the last of its sequence and 0 elsewhere, [steps][batch][1]. */
  String last() {
    String before = g.subtract(lengths(), g.integer(1));
    return one(g.op("Equal", positions(), g.unsqueeze(before, 0)));
  }

  /** Returns 1 at the first step and 0 elsewhere, [steps][1][1]. */
  String first() {
    return one(g.op("Equal", positions(), g.integer(0)));
  }

  private String one(String condition) {
    return g.unsqueeze(g.cast(condition, Type.FLOAT), 2);
  }
}
