package dev.unroll.task;

import dev.unroll.train.TrainingListener.ValidationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a training went, by its validations: what to try next shows there.
 *
 * @param epochs epochs that were asked for
 * @param best epoch of the best parameters
 * @param last epoch of the last validation
 * @param trainingLoss loss of training before the last validation, of which dropout is a part
 * @param bestLoss loss on the validation part of the best parameters
 * @param lastLoss that of the last validation
 */
public record Course(
    int epochs, int best, int last, double trainingLoss, double bestLoss, double lastLoss) {

  /** A loss of training below this share of the other has learned by heart. */
  private static final double APART = 0.75;

  /** Losses of densities may be below 0, where shares say nothing: nats tell them apart. */
  private static final double NATS_APART = 0.3;

  static Course of(int epochs, List<ValidationReport> validations) {
    if (validations.isEmpty()) {
      return new Course(epochs, 0, 0, Double.NaN, Double.NaN, Double.NaN);
    }
    ValidationReport last = validations.getLast();
    ValidationReport best =
        validations.reversed().stream().filter(ValidationReport::improved).findFirst().orElse(last);
    return new Course(
        epochs, best.epoch(), last.epoch(), last.trainingLoss(), best.loss(), last.loss());
  }

  /** Returns whether the last epoch was the best, so that more may be better. */
  public boolean stillImproves() {
    return best > 0 && best == last && last >= epochs;
  }

  /** Returns whether the network knows the training part much better than the other. */
  boolean overfits() {
    return best > 0 && (isApart(trainingLoss, bestLoss) || isApart(bestLoss, lastLoss));
  }

  private static boolean isApart(double low, double high) {
    return low < 0 ? high - low > NATS_APART : low < APART * high;
  }

  /**
   * Returns what to try, the most promising first; keys of options stand in braces.
   *
   * @param dropout the network's
   * @param units those of its largest layer
   */
  public List<String> advice(double dropout, int units) {
    var advice = new ArrayList<String>();
    if (stillImproves()) {
      advice.add(
          String.format(Locale.ROOT, "{epochs %d}: the last epoch was the best", 3 * epochs));
    }
    if (overfits() && dropout < 0.5) {
      advice.add(
          String.format(
              Locale.ROOT,
              "{dropout %.1f}: the network memorizes the training part",
              Math.min(0.5, dropout + 0.3)));
    } else if (overfits() && units > 64) {
      advice.add(
          String.format(
              Locale.ROOT, "{units %d}: the network memorizes the training part", units / 2));
    }
    return advice;
  }
}
