package dev.unroll;

import dev.unroll.measure.CrossValidation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a trial of a {@link Tuning} reached.
 *
 * @param number its number, from 1; 0 where it has the usual settings
 * @param settings what was drawn for it, by name
 * @param measure what the figures are: {@code loss}, of which less is better, or a measure of which
 *     more is better, such as {@code accuracy}
 * @param figures the best validations, one for each seed; NaN where training failed
 * @param epochs the epoch in which it stopped, from 1
 * @param parameters number of parameters; 0 where there was no network
 * @param finished whether it was trained to its end, and not given up before
 * @param failure why training failed, or null
 */
public record TrialResult(
    int number,
    Map<String, Object> settings,
    String measure,
    List<Double> figures,
    int epochs,
    long parameters,
    boolean finished,
    @Nullable String failure) {

  /** The measure of which less is better. */
  static final String LOSS = "loss";

  /** Copies settings and figures. */
  public TrialResult {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    figures = List.copyOf(figures);
  }

  /** Returns the same with other figures. */
  public TrialResult withFigures(List<Double> values) {
    return new TrialResult(
        number, settings, measure, values, epochs, parameters, finished, failure);
  }

  /** Returns whether more is better. */
  public boolean moreIsBetter() {
    return !measure.equals(LOSS);
  }

  /** Returns the mean of all seeds; NaN where one of them failed. */
  public double mean() {
    return statistics().mean().getOrDefault(measure, Double.NaN);
  }

  /** Returns the standard deviation of the seeds, of squares divided by seeds − 1; NaN for one. */
  public double deviation() {
    return figures.size() < 2
        ? Double.NaN
        : statistics().deviation().getOrDefault(measure, Double.NaN);
  }

  private CrossValidation statistics() {
    var statistics = new CrossValidation();
    figures.forEach(figure -> statistics.add(Map.of(measure, figure)));
    return statistics;
  }

  /** Returns which of the seeds did best, from 0. */
  public int bestSeed() {
    int best = 0;
    for (int i = 1; i < figures.size(); i++) {
      best = better(figures.get(i), figures.get(best)) ? i : best;
    }
    return best;
  }

  /** Returns whether one figure is better than another; NaN is the worst of all. */
  boolean better(double figure, double than) {
    return !Double.isNaN(figure)
        && (Double.isNaN(than) || (moreIsBetter() ? figure > than : figure < than));
  }
}
