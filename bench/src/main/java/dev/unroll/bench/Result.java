package dev.unroll.bench;

import dev.unroll.bench.contender.Workload;
import java.util.Arrays;
import java.util.List;

/**
 * The measurements of one engine in one case.
 *
 * @param work the case
 * @param threads threads of each engine
 * @param engine name and version
 * @param rounds what was measured in each round; empty if the engine does not support the case
 * @param missing why there are no measurements, or empty
 */
record Result(
    Workload work,
    int threads,
    String engine,
    List<ContenderProcess.Round> rounds,
    String missing) {

  /** Returns the fastest run, in nanoseconds. */
  double best() {
    return rounds.stream().mapToDouble(ContenderProcess.Round::best).min().orElse(Double.NaN);
  }

  /** Returns the median over the rounds' medians, in nanoseconds. */
  double median() {
    return median(rounds.stream().mapToDouble(ContenderProcess.Round::median).toArray());
  }

  /** Returns the median over the rounds' 99.9th percentiles, in nanoseconds. */
  double late() {
    return median(rounds.stream().mapToDouble(ContenderProcess.Round::late).toArray());
  }

  /** Returns the rate of the matrix products' arithmetic at the median, in GFLOP/s. */
  double gigaflops() {
    return work.operations() / median();
  }

  /**
   * How many times longer this engine takes than another: round by round, so that a temporary
   * disturbance of the machine affects both.
   *
   * @param median median over the rounds
   * @param least smallest of a round
   * @param most largest of a round
   */
  record Ratio(double median, double least, double most) {}

  /** Returns how many times as long as {@code other} this took. */
  Ratio ratioTo(Result other) {
    double[] ratios = new double[Math.min(rounds.size(), other.rounds.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = rounds.get(i).median() / other.rounds.get(i).median();
    }
    Arrays.sort(ratios);
    return ratios.length == 0
        ? new Ratio(Double.NaN, Double.NaN, Double.NaN)
        : new Ratio(median(ratios), ratios[0], ratios[ratios.length - 1]);
  }

  private static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
