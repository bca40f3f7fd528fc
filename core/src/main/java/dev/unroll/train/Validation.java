package dev.unroll.train;

import dev.unroll.file.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * What a network does on the validation part.
 *
 * @param loss mean loss per target
 * @param measure the task's own measure that chooses the best model, or null where the loss does
 */
public record Validation(double loss, @Nullable Measure measure) {

  /** Returns what is to be as low as it can. */
  public double criterion() {
    return measure == null ? loss : -measure.value;
  }

  /**
   * A measure of which more is better.
   *
   * @param name the field's name of it, such as accuracy
   * @param value its value, a share in [0, 1]; of label accuracy it may be negative
   * @param error its standard error on the validation part: of values that differ by less the lower
   *     loss decides; 0 where the value decides by itself
   */
  public record Measure(String name, double value, double error) {
    /** A measure whose value decides by itself. */
    public Measure(String name, double value) {
      this(name, value, 0);
    }

    /**
     * The share of some items, with its standard error; that of a share near 0 or 1 is that of one
     * with an item more of either kind.
     */
    public static Measure ofShare(String name, double value, long items) {
      double share = (Math.clamp(value, 0, 1) * items + 1) / (items + 2);
      return new Measure(name, value, Math.sqrt(share * (1 - share) / Math.max(1, items)));
    }

    /** Returns the name as people say it: {@code span F1} for {@code span-f1}. */
    public String title() {
      return name.replace("-f1", " F1");
    }

    /** Returns such as {@code span F1 94.38%}. */
    @Override
    public String toString() {
      return title() + " " + Numbers.percent(value);
    }
  }
}
