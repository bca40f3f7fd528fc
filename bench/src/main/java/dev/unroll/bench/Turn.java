package dev.unroll.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Something that is timed in turns with others in one process, one thing after another in each
 * round.
 */
final class Turn {

  private static final int FEWEST = 3;

  private final Runnable run;

  /** The mean time of a run in each round, in µs. */
  private double[] times = {};

  Turn(Runnable run) {
    this.run = run;
  }

  /** Warms all up, and then takes turns. */
  static void take(List<Turn> all, double warmUpSeconds, double seconds, int rounds) {
    for (Turn each : all) {
      each.micros(warmUpSeconds);
      each.times = new double[rounds];
    }
    for (int round = 0; round < rounds; round++) {
      for (Turn each : all) {
        each.times[round] = each.micros(seconds);
      }
    }
  }

  private double micros(double seconds) {
    long start = System.nanoTime();
    long now = start;
    long count = 0;
    while (now - start < seconds * 1e9 || count < FEWEST) {
      run.run();
      count++;
      now = System.nanoTime();
    }
    return (now - start) * 1e-3 / count;
  }

  /** Returns the median time in words. */
  String time() {
    return Report.time(1e3 * median(times));
  }

  /** Returns how many times as long as another this takes: median and spread of the rounds. */
  String ratioTo(Turn other) {
    double[] ratios = new double[times.length];
    Arrays.setAll(ratios, round -> times[round] / other.times[round]);
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT, "%.2f× (%.2f to %.2f)", median(ratios), ratios[0], ratios[ratios.length - 1]);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
