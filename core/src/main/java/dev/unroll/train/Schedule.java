package dev.unroll.train;

import dev.unroll.base.InputException;
import java.util.Locale;

/** A learning-rate schedule: the factor of the optimizer's rate at each step. */
public sealed interface Schedule {

  /**
   * How far a run has come.
   *
   * @param step number of the step, from 1
   * @param steps number of all steps of the run
   * @param epoch number of the epoch, from 1
   * @param plateaus how often a plateau was met so far
   */
  record Moment(long step, long steps, int epoch, int plateaus) {

    /** Returns how far the run has come: 0 at the first step, 1 at the last. */
    double done() {
      return Math.min(1, (step - 1.0) / Math.max(1, steps - 1));
    }
  }

  /** Returns the factor at a moment. */
  double factor(Moment now);

  /**
   * Returns whether the factor depends on how long the run is, so that the number of its epochs
   * cannot change once it has begun.
   */
  default boolean needsEnd() {
    return false;
  }

  /** Returns all numbers by name, as identities of runs hold them: they must never change. */
  String describe();

  /** The rate stays as it is. */
  record Constant() implements Schedule {
    @Override
    public String describe() {
      return "Constant[]";
    }

    @Override
    public double factor(Moment now) {
      return 1;
    }
  }

  /**
   * The rate is multiplied by {@code factor} whenever {@code patience} validations in a row bring
   * no improvement.
   *
   * @param decay factor, in (0, 1)
   * @param patience validations to wait, at least 1
   */
  record Plateau(double decay, int patience) implements Schedule {
    /** Checks the numbers. */
    public Plateau {
      checkDecay(decay);
      if (patience < 1) {
        throw new InputException("the decay patience is " + patience, "It must be at least 1.");
      }
    }

    @Override
    public String describe() {
      return String.format(Locale.ROOT, "Plateau[decay=%s, patience=%s]", decay, patience);
    }

    @Override
    public double factor(Moment now) {
      return StrictMath.pow(decay, now.plateaus());
    }
  }

  /**
   * The rate is constant for some epochs, and then multiplied by {@code decay} every {@code every}
   * epochs, as Zaremba et al. (2014) do.
   *
   * @param decay factor, in (0, 1)
   * @param after epochs at the full rate
   * @param every epochs between two decays
   */
  record Step(double decay, int after, int every) implements Schedule {
    /** Checks the numbers. */
    public Step {
      checkDecay(decay);
      if (after < 0 || every < 1) {
        throw new InputException(
            String.format(Locale.ROOT, "a decay every %d epochs, after %d", every, after),
            "They must be at least 1 and 0.");
      }
    }

    @Override
    public String describe() {
      return String.format(Locale.ROOT, "Step[decay=%s, after=%s, every=%s]", decay, after, every);
    }

    @Override
    public double factor(Moment now) {
      int late = Math.max(0, now.epoch() - after);
      int decays = (late + every - 1) / every;
      return StrictMath.pow(decay, (double) decays);
    }
  }

  /**
   * The rate falls along half a cosine, from the full rate to {@code finalShare} of it at the last
   * step.
   *
   * @param finalShare share of the rate at the end, in [0, 1]
   */
  record Cosine(double finalShare) implements Schedule {
    /** Checks the share. */
    public Cosine {
      checkShare("the final share of the rate", finalShare);
    }

    @Override
    public String describe() {
      return String.format(Locale.ROOT, "Cosine[finalShare=%s]", finalShare);
    }

    @Override
    public boolean needsEnd() {
      return true;
    }

    @Override
    public double factor(Moment now) {
      double share = (1 + StrictMath.cos(Math.PI * now.done())) / 2;
      return finalShare + (1 - finalShare) * share;
    }
  }

  /**
   * One cycle (Smith and Topin 2018): the rate rises along half a cosine from {@code initialShare}
   * of it to the full rate, then falls along another to {@code finalShare}.
   *
   * @param rise share of the steps in which it rises, in [0, 1]
   * @param initialShare share of the rate at the first step
   * @param finalShare share of the rate at the end
   */
  record OneCycle(double rise, double initialShare, double finalShare) implements Schedule {
    /** Checks the shares. */
    public OneCycle {
      checkShare("the share of the steps in which the rate rises", rise);
      checkShare("the initial share of the rate", initialShare);
      checkShare("the final share of the rate", finalShare);
    }

    @Override
    public String describe() {
      return String.format(
          Locale.ROOT,
          "OneCycle[rise=%s, initialShare=%s, finalShare=%s]",
          rise,
          initialShare,
          finalShare);
    }

    @Override
    public boolean needsEnd() {
      return true;
    }

    @Override
    public double factor(Moment now) {
      double done = now.done();
      if (rise > 0 && done <= rise) {
        return between(initialShare, 1, done / rise);
      }
      return between(1, finalShare, (done - rise) / (1 - rise));
    }

    private static double between(double from, double to, double done) {
      return to + (from - to) * (1 + StrictMath.cos(Math.PI * done)) / 2;
    }
  }

  /**
   * The rate grows by the same factor at each step, from {@code first} to {@code last} times the
   * optimizer's: the range test of Smith (2017).
   *
   * @param first factor of the first step
   * @param last factor of the last step
   */
  record Exponential(double first, double last) implements Schedule {
    /** Checks the factors. */
    public Exponential {
      if (!(first > 0 && last > 0 && first < 1e30 && last < 1e30)) {
        throw new InputException(
            String.format(Locale.ROOT, "a rate from %s to %s", first, last),
            "Both must be above 0.");
      }
    }

    @Override
    public String describe() {
      return String.format(Locale.ROOT, "Exponential[first=%s, last=%s]", first, last);
    }

    @Override
    public boolean needsEnd() {
      return true;
    }

    @Override
    public double factor(Moment now) {
      return first * StrictMath.pow(last / first, now.done());
    }
  }

  private static void checkDecay(double decay) {
    if (!(decay > 0 && decay < 1)) {
      throw new InputException("the decay factor is " + decay, "It must be in (0, 1).");
    }
  }

  private static void checkShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new InputException(name + " is " + share, "It must be in [0, 1].");
    }
  }
}
