package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.CounterRandom.Purpose;
import dev.unroll.measure.CrossValidation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draws the settings of one trial of a {@link Tuning}. What is drawn depends only on the seed, the
 * number of the trial and the name of the setting, neither on other settings nor on their order.
 */
public final class Trial {

  /** Digits of numbers that are drawn: more change no result, and nobody reads them. */
  private static final MathContext DIGITS = new MathContext(3);

  /** How numbers are distributed over a range. */
  public enum Scale {
    /** Uniform: 0 to 0.1 is as likely as 0.1 to 0.2. */
    LINEAR,
    /** Log-uniform: 0.001 to 0.01 is as likely as 0.01 to 0.1. */
    LOGARITHMIC
  }

  private final long seed;
  private final int number;
  private final int attempt;
  private final CounterRandom random;
  private final Map<String, Object> settings = new LinkedHashMap<>();

  /**
   * Begins a trial.
   *
   * @param attempt counts the trials of the same number, whose settings had been drawn before
   */
  Trial(long seed, int number, int attempt) {
    this.seed = seed;
    this.number = number;
    this.attempt = attempt;
    random = CounterRandom.of(seed, Purpose.TRIALS, number);
  }

  /** Returns one that draws the same. */
  Trial again() {
    return new Trial(seed, number, attempt);
  }

  /** Returns the number of the trial, from 1. */
  public int number() {
    return number;
  }

  /** Returns the settings drawn so far, by name. */
  public Map<String, Object> settings() {
    return new LinkedHashMap<>(settings);
  }

  /** Returns such as {@code trial 3 {rate=0.01}}. */
  @Override
  public String toString() {
    return "trial " + number + " " + settings;
  }

  /** Returns one of several values, all equally likely. */
  @SafeVarargs
  @SuppressWarnings("varargs") // they are only read
  public final <V> V oneOf(String name, V... values) {
    return oneOf(name, List.of(values));
  }

  /** Returns one of several values, all equally likely. */
  public <V> V oneOf(String name, List<V> values) {
    if (values.isEmpty()) {
      throw new InputException(name + " has no values to choose from", "Give one or more.");
    }
    V value = values.get((int) drawn(name).below(attempt, values.size()));
    settings.put(name, value);
    return value;
  }

  /** Returns a number from a range, both ends included, with three significant digits. */
  public double number(String name, double from, double to, Scale scale) {
    check(name, from, to, scale);
    double value = between(from, to, scale, drawn(name).uniform(attempt));
    double rounded = new BigDecimal(value).round(DIGITS).doubleValue();
    value = Math.max(from, Math.min(to, rounded));
    settings.put(name, value);
    return value;
  }

  /** Returns a number drawn uniformly from a range. */
  public double number(String name, double from, double to) {
    return number(name, from, to, Scale.LINEAR);
  }

  /** Returns a whole number from a range, both ends included. */
  public int whole(String name, int from, int to, Scale scale) {
    check(name, from, to, scale);
    double share = drawn(name).uniform(attempt);
    double value =
        scale == Scale.LINEAR
            ? Math.floor(from + share * ((double) to - from + 1))
            : Math.rint(between(from, to, scale, share));
    int whole = (int) Math.max(from, Math.min(to, value));
    settings.put(name, whole);
    return whole;
  }

  /** Returns a whole number drawn uniformly from a range. */
  public int whole(String name, int from, int to) {
    return whole(name, from, to, Scale.LINEAR);
  }

  private CounterRandom drawn(String name) {
    if (settings.containsKey(name)) {
      throw new InputException(
          name + " is drawn twice in a trial", "Draw it once, or give it another name.");
    }
    return random.part(name.hashCode());
  }

  private static double between(double from, double to, Scale scale, double share) {
    if (scale == Scale.LINEAR) {
      return from + share * (to - from);
    }
    double low = StrictMath.log(from);
    return StrictMath.exp(low + share * (StrictMath.log(to) - low));
  }

  private static void check(String name, double from, double to, Scale scale) {
    if (!(from < to) || Double.isInfinite(to - from)) {
      throw new InputException(
          String.format(Locale.ROOT, "the range of %s is %s to %s", name, from, to),
          "It must rise.");
    }
    if (scale == Scale.LOGARITHMIC && from <= 0) {
      throw new InputException(
          String.format(Locale.ROOT, "the logarithmic range of %s begins with %s", name, from),
          "It must begin above 0.");
    }
  }

  /**
   * The outcome of a trial of a {@link Tuning}.
   *
   * @param number its number, from 1; 0 for the default settings
   * @param settings what was drawn for it, by name
   * @param measure what the figures are: {@code loss} (lower is better), or a measure such as
   *     {@code accuracy} (higher is better)
   * @param figures the best validations, one per seed; NaN if training failed
   * @param epochs the epoch in which it stopped, from 1
   * @param parameters number of parameters; 0 if there was no network
   * @param finished whether it was trained to the end, and not dropped before
   * @param failure why training failed, or null
   */
  public record Result(
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
    public Result {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      figures = List.copyOf(figures);
    }

    /** Returns the same with other figures. */
    public Result withFigures(List<Double> values) {
      return new Result(number, settings, measure, values, epochs, parameters, finished, failure);
    }

    /** Returns whether more is better. */
    public boolean moreIsBetter() {
      return !measure.equals(LOSS);
    }

    /** Returns the mean of all seeds; NaN where one of them failed. */
    public double mean() {
      return statistics().mean().getOrDefault(measure, Double.NaN);
    }

    /**
     * Returns the standard deviation of the seeds, of squares divided by seeds − 1; NaN for one.
     */
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
}
