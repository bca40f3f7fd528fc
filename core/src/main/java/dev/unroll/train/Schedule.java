package dev.unroll.train;

import dev.unroll.model.InputException;

/** How the learning rate changes in the course of training, as a factor of the optimizer's rate. */
public sealed interface Schedule permits Schedule.Constant, Schedule.Plateau, Schedule.Cosine {

  /** The rate stays as it is. */
  record Constant() implements Schedule {}

  /**
   * The rate is multiplied by {@code factor} whenever {@code patience} validations in a row bring
   * no improvement.
   *
   * @param factor factor, in (0, 1)
   * @param patience validations to wait, at least 1
   */
  record Plateau(double factor, int patience) implements Schedule {
    /** Checks the numbers. */
    public Plateau {
      if (!(factor > 0 && factor < 1)) {
        throw new InputException("the decay factor is " + factor, "It must be in (0, 1).");
      }
      if (patience < 1) {
        throw new InputException("the decay patience is " + patience, "It must be at least 1.");
      }
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
      if (!(finalShare >= 0 && finalShare <= 1)) {
        throw new InputException(
            "the final share of the rate is " + finalShare, "It is in [0, 1].");
      }
    }
  }

  /**
   * Returns the factor at a step.
   *
   * @param step number of the step, from 1
   * @param steps number of all steps of the run
   * @param plateaus how often a plateau was met so far
   */
  default double factor(long step, long steps, int plateaus) {
    return switch (this) {
      case Constant constant -> 1;
      case Plateau plateau -> StrictMath.pow(plateau.factor(), plateaus);
      case Cosine cosine -> {
        double done = Math.min(1, (step - 1.0) / Math.max(1, steps));
        double share = (1 + StrictMath.cos(Math.PI * done)) / 2;
        yield cosine.finalShare() + (1 - cosine.finalShare()) * share;
      }
    };
  }
}
