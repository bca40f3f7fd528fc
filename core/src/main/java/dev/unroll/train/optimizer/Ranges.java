package dev.unroll.train.optimizer;

import dev.unroll.base.InputException;

/** What the numbers of optimizers may be. */
final class Ranges {

  private Ranges() {}

  static void checkRate(double rate) {
    if (!(rate > 0 && rate <= 1000)) {
      throw new InputException("the learning rate is " + rate, "It must be above 0, at most 1000.");
    }
  }

  static void checkShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InputException(name + " is " + value, "It must be in [0, 1).");
    }
  }

  static void checkEpsilon(double epsilon) {
    if (!((float) epsilon >= Float.MIN_NORMAL && epsilon <= 1)) {
      throw new InputException("epsilon is " + epsilon, "It must be in 1.2e-38 … 1.");
    }
  }
}
