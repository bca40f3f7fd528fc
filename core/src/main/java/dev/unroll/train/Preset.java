package dev.unroll.train;

import dev.unroll.base.Labeled;

/**
 * The budget of training for everything that the user leaves open. Steps and tokens are bounds,
 * between which a plan chooses what suits the data.
 */
public enum Preset implements Labeled {
  /** About a minute, to see whether the network learns anything at all. */
  SMALL(100, 200, 1_000_000, 5),
  /** What suits most data: minutes. */
  USUAL(200, 600, 15_000_000, 10),
  /** The best without a search: may take hours. */
  BEST(400, 1_500, 200_000_000, 25);

  private final int units;
  private final int leastSteps;
  private final long mostTokens;
  private final int epochs;

  Preset(int units, int leastSteps, long mostTokens, int epochs) {
    this.units = units;
    this.leastSteps = leastSteps;
    this.mostTokens = mostTokens;
    this.epochs = epochs;
  }

  /** Returns the preset with a label. */
  public static Preset of(String label) {
    return Labeled.of(values(), label, "no preset is called ", "Use small, usual or best.");
  }

  /** Returns the units of the one layer of a network. */
  public int units() {
    return units;
  }

  /** Returns the minimum number of steps for small data, however often it is read for that. */
  public int leastSteps() {
    return leastSteps;
  }

  /**
   * Returns the maximum number of tokens that are read of large data, however few epochs that
   * makes.
   */
  public long mostTokens() {
    return mostTokens;
  }

  /** Returns the number of epochs in between. */
  public int epochs() {
    return epochs;
  }
}
