package dev.unroll.result;

import dev.unroll.file.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well predicted probabilities match accuracy (Guo et al. 2017): answers are put into ten bins
 * by their probability, and in each bin the mean probability is compared with the share of right
 * answers.
 *
 * @param bins the bins, from 0 to 0.1, to 0.2, … to 1
 */
public record Calibration(List<Bin> bins) {

  private static final int BINS = 10;

  /**
   * One bin.
   *
   * @param answers number of answers in it
   * @param meanProbability their mean probability
   * @param share the share of right answers
   */
  public record Bin(long answers, double meanProbability, double share) {}

  /** Returns such as {@code expected calibration error 2.13%}. */
  @Override
  public String toString() {
    return "expected calibration error " + Numbers.percent(expectedError());
  }

  /** Copies the list. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Counts answers.
   *
   * @param probabilities the probability of each answer
   * @param right whether each is right
   */
  public static Calibration of(double[] probabilities, boolean[] right) {
    long[] answers = new long[BINS];
    double[] sums = new double[BINS];
    long[] rights = new long[BINS];
    for (int i = 0; i < probabilities.length; i++) {
      int bin = Math.min(BINS - 1, (int) (probabilities[i] * BINS));
      answers[bin]++;
      sums[bin] += probabilities[i];
      rights[bin] += right[i] ? 1 : 0;
    }
    var bins = new ArrayList<Bin>();
    for (int bin = 0; bin < BINS; bin++) {
      double count = Math.max(1, answers[bin]);
      bins.add(new Bin(answers[bin], sums[bin] / count, rights[bin] / count));
    }
    return new Calibration(bins);
  }

  /**
   * Returns the expected calibration error: the mean distance between probability and share, over
   * all answers.
   */
  public double expectedError() {
    long all = bins.stream().mapToLong(Bin::answers).sum();
    double[] distances =
        bins.stream()
            .mapToDouble(bin -> bin.answers * Math.abs(bin.meanProbability - bin.share))
            .toArray();
    return all == 0 ? 0 : Arrays.stream(distances).sum() / all;
  }
}
