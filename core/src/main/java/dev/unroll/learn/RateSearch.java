package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.train.LayerRate;
import dev.unroll.train.Schedule;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A search for the learning rate: the range test of Smith (2017). A network is trained for some
 * steps while the rate grows from far too small to far too large, and the loss of each step is
 * kept.
 *
 * @param points rate and loss of each step, in ascending order of the rate
 */
public record RateSearch(List<Point> points) {

  /** Share of the loss before that is kept in the mean over steps. */
  private static final double SMOOTHING = 0.95;

  /**
   * The search ends when the mean loss is twice the least; where that is near 0, or below it as a
   * loss of densities may be, when it has risen by this share of how far it had fallen.
   */
  private static final double RISEN = 0.25;

  /** Steps at the beginning whose mean says little. */
  private static final int SETTLING = 10;

  /** Copies the list. */
  public RateSearch {
    points = List.copyOf(points);
  }

  /**
   * One step.
   *
   * @param rate its learning rate
   * @param loss its loss, in nats per token
   * @param mean mean loss up to it, the latest steps counting most
   */
  public record Point(double rate, double loss, double mean) {}

  /**
   * The rates that are tried.
   *
   * @param from the first
   * @param to the last
   * @param steps number of steps between them
   */
  public record Range(double from, double to, int steps) {
    /** Checks the numbers. */
    public Range {
      if (!(from > 0 && to > from && to <= 1000) || steps < 2 * SETTLING) {
        throw new InputException(
            String.format(Locale.ROOT, "rates from %s to %s in %d steps", from, to, steps),
            String.format(
                Locale.ROOT,
                "They must rise, be above 0, and take %d steps or more.",
                2 * SETTLING));
      }
    }
  }

  /**
   * Searches, from the parameters that the seed determines, with all options except the
   * learning-rate schedule; layers that are left as they are for some epochs learn from the
   * beginning, as they do most of the time.
   *
   * @param learner a learner whose batches have no lengths drawn at random
   * @param listener receives each step
   * @throws TrainingInterruptedException if the thread is interrupted, at the end of the step
   */
  public static RateSearch run(
      Learner learner, Training options, Range range, TrainingListener listener) {
    var points = new ArrayList<Point>();
    var searching = new Searching(points, listener);
    double usual = options.optimizer().rate();
    var sweep = new Schedule.Exponential(range.from / usual, range.to / usual);
    try (var workers = new Workers(options.threads())) {
      Training all = options.withSchedule(sweep, 0).withLayerRates(unfrozen(options.layerRates()));
      new Trainer(learner, all, workers, searching).rehearse(range.steps, () -> searching.diverged);
    }
    if (points.size() <= SETTLING) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the loss diverged after %d steps, at a rate of %.1e",
              points.size(),
              points.isEmpty() ? range.from : points.getLast().rate),
          "Make the network or its dropout smaller, or the steps shorter.");
    }
    return new RateSearch(points);
  }

  /** A layer that began to learn in the middle of a search would change the loss by itself. */
  private static List<LayerRate> unfrozen(List<LayerRate> rates) {
    return rates.stream().map(rate -> new LayerRate(rate.layer(), rate.factor(), 0)).toList();
  }

  /** Collects points until the loss runs away. */
  private static final class Searching implements TrainingListener {
    private final List<Point> points;
    private final TrainingListener next;
    private double sum;
    private double weight;
    private double least = Double.POSITIVE_INFINITY;
    private boolean diverged;

    Searching(List<Point> points, TrainingListener next) {
      this.points = points;
      this.next = next;
    }

    @Override
    public void onStep(StepReport report) {
      sum = SMOOTHING * sum + (1 - SMOOTHING) * report.loss();
      weight = SMOOTHING * weight + (1 - SMOOTHING);
      double mean = sum / weight;
      points.add(new Point(report.rate(), report.loss(), mean));
      least = Math.min(least, mean);
      double fallen = points.getFirst().mean - least;
      double most = least + Math.max(Math.abs(least), RISEN * fallen);
      diverged = points.size() > SETTLING && mean > most;
      next.onStep(report);
    }

    @Override
    public void onSkipped(StepReport report) {
      diverged = true;
      next.onSkipped(report);
    }
  }

  /** Returns the point with the least mean loss. */
  public Point least() {
    Point best = points.getFirst();
    for (Point point : points) {
      best = point.mean < best.mean ? point : best;
    }
    return best;
  }

  /** Returns the point where the mean loss falls fastest against the logarithm of the rate. */
  public Point steepest() {
    Point best = points.getFirst();
    double slope = Double.POSITIVE_INFINITY;
    for (int i = SETTLING; i < points.size(); i++) {
      double change = points.get(i).mean - points.get(i - 1).mean; // rates are equally far apart
      if (change < slope) {
        slope = change;
        best = points.get(i);
      }
    }
    return best;
  }

  /**
   * Returns a rate to begin with: a tenth of that with the least loss, rounded to one digit, as at
   * that rate itself the loss is about to rise.
   */
  public double suggestion() {
    return new BigDecimal(least().rate / 10).round(new MathContext(1)).doubleValue();
  }
}
