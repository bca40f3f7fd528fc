package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import java.util.List;
import picocli.CommandLine.Option;

/** What {@code unroll tune} searches, besides the options of {@code train}. */
public final class SearchOptions {

  private static final int MOST_TRIALS = 10_000;
  private static final int MOST_SEEDS = 1000;

  @Option(
      names = "--search",
      paramLabel = "OPTION=RANGE",
      description =
          "Range of an option, such as rate=0.0003..0.01:log or units=64,128 (repeatable)."
              + " Separate values that contain commas with bars: units=128|128,128. Default: the"
              + " usual ranges of the task, which --dry-run shows.")
  List<String> ranges = List.of();

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "18",
      description =
          "Settings that are drawn at random. All are trained for a ninth of their steps, the"
              + " best third of them for a third, and the best third of those to the end. Default:"
              + " ${DEFAULT-VALUE}.")
  int trials = 18;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Seeds with which the best and the default settings are trained. Default:"
              + " ${DEFAULT-VALUE}.")
  int seeds = 3;

  /** Returns with how many seeds the best few are trained. */
  public int seeds() {
    return checkedSeeds(seeds);
  }

  static int checkedSeeds(int seeds) {
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw new InputException(
          "--seeds is " + seeds, "It must be in 1 … %,d.".formatted(MOST_SEEDS));
    }
    return seeds;
  }

  /** Returns the ranges as they are given. */
  public List<String> ranges() {
    return ranges;
  }

  /** Returns how many settings are drawn. */
  public int trials() {
    if (trials < 1 || trials > MOST_TRIALS) {
      throw new InputException(
          "--trials is " + trials, "It must be in 1 … %,d.".formatted(MOST_TRIALS));
    }
    return trials;
  }
}
