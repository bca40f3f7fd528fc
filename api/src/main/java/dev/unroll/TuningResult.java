package dev.unroll;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link Tuning} found.
 *
 * @param ranking all trials, the best first: those that were trained to the end with several seeds
 *     by the mean of these, then the others by how far they came, and by what they reached there
 * @param best the first of them that may win
 * @param model the model of its best seed
 * @param <M> the model
 */
public record TuningResult<M>(List<TrialResult> ranking, TrialResult best, M model) {

  /** Copies the list. */
  public TuningResult {
    ranking = List.copyOf(ranking);
  }

  /**
   * Returns whether the best trial is ahead of the next by more than the standard deviation of the
   * seeds of either. If not, the order of the two may be chance.
   */
  public boolean isClear() {
    TrialResult next = next().orElse(best);
    double gap = Math.abs(best.mean() - next.mean());
    return gap > best.deviation() && gap > next.deviation(); // false where one is NaN
  }

  /** Returns the best of the others that were trained to their end, if there are any. */
  public Optional<TrialResult> next() {
    return ranking.stream()
        .filter(each -> each.number() != best.number() && each.finished())
        .findFirst();
  }
}
