package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.task.label.ProductOfExperts.Answers;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The fit against a search of the same sum, written down as plainly as can be. */
class ProductOfExpertsTest {

  /** Random logs, of which those of the right label are higher by {@code skill}. */
  private static double[][] logs(CounterRandom random, int[] right, int labels, double skill) {
    double[][] logs = new double[right.length][labels];
    for (int i = 0; i < right.length; i++) {
      double sum = 0;
      for (int label = 0; label < labels; label++) {
        logs[i][label] = 4 * random.uniform(i * labels + label) + (label == right[i] ? skill : 0);
        sum += Math.exp(logs[i][label]);
      }
      for (int label = 0; label < labels; label++) {
        logs[i][label] -= Math.log(sum);
      }
    }
    return logs;
  }

  private static Answers answers(long seed, int texts, int labels, double[] skills) {
    int[] right = new int[texts];
    var ofRight = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 0);
    for (int i = 0; i < texts; i++) {
      right[i] = (int) ofRight.below(i, labels);
    }
    double[][][] experts = new double[2][][];
    for (int k = 0; k < 2; k++) {
      var own = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 1 + k);
      experts[k] = logs(own, right, labels, skills[k]);
    }
    return new Answers(experts[0], experts[1], right);
  }

  /** -Σ log P(right) + ((a - 1)² + b²) / 2. */
  private static double minimized(Answers x, double a, double b) {
    double sum = ((a - 1) * (a - 1) + b * b) / 2;
    for (int i = 0; i < x.right().length; i++) {
      double all = 0;
      for (int label = 0; label < x.network()[i].length; label++) {
        all += Math.exp(a * x.network()[i][label] + b * x.ngrams()[i][label]);
      }
      int right = x.right()[i];
      sum += Math.log(all) - a * x.network()[i][right] - b * x.ngrams()[i][right];
    }
    return sum;
  }

  @Property(tries = 60)
  void noOtherExponentsHaveALowerLoss(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int labels) {
    Answers x = answers(seed, 200, labels, new double[] {1.2, 1.5});
    var found = ProductOfExperts.of(x);
    assertThat(found.ngrams()).isPositive();
    double least = minimized(x, found.network(), found.ngrams());
    for (double da : new double[] {-1e-3, 0, 1e-3}) {
      for (double db : new double[] {-1e-3, 0, 1e-3}) {
        double other = minimized(x, found.network() + da, found.ngrams() + db);
        assertThat(other).isGreaterThanOrEqualTo(least);
      }
    }
    // Along each axis the slope is 0.
    double slope =
        minimized(x, found.network() + 1e-4, found.ngrams())
            - minimized(x, found.network() - 1e-4, found.ngrams());
    assertThat(slope / 2e-4).isCloseTo(0, within(1e-5));
  }

  @Property(tries = 40)
  void whatSaysNothingIsLeftOut(@ForAll long seed) {
    Answers x = answers(seed, 400, 3, new double[] {1.5, -1});
    assertThat(ProductOfExperts.of(x)).isEqualTo(ProductOfExperts.NETWORK);
  }

  /** A network that knows nothing, and n-grams that are right of some of twenty texts. */
  private static ProductOfExperts ofTwenty(int right) {
    double[][] network = new double[20][];
    double[][] ngrams = new double[20][];
    for (int i = 0; i < 20; i++) {
      network[i] = new double[] {Math.log(0.5), Math.log(0.5)};
      double strength = i < right ? 1 : -1;
      ngrams[i] = new double[] {strength, -strength};
    }
    return ProductOfExperts.of(new Answers(network, ngrams, new int[20]));
  }

  /**
   * Of 11 right the gain is at most log 2 - H(0.55) = 0.005 nats a text, with a standard error of
   * 0.022; of 16 it is 0.19 with one of 0.12.
   */
  @Test
  void aGainWithinHalfItsErrorIsNone() {
    assertThat(ofTwenty(11)).isEqualTo(ProductOfExperts.NETWORK);
    assertThat(ofTwenty(16).ngrams()).isBetween(0.5, Math.log(4) / 2);
  }

  /** A network that is wrong counts nothing, and the n-grams alone remain. */
  @Test
  void aNetworkThatIsWrongCountsNothing() {
    Answers x = answers(9, 300, 3, new double[] {-3, 2});
    var found = ProductOfExperts.of(x);
    assertThat(found.network()).isZero();
    assertThat(found.ngrams()).isPositive();
    double least = minimized(x, 0, found.ngrams());
    assertThat(minimized(x, 0, found.ngrams() + 1e-3)).isGreaterThan(least);
    assertThat(minimized(x, 0, found.ngrams() - 1e-3)).isGreaterThan(least);
  }

  @Test
  void logsAreOfProbabilities() {
    double[] network = {-0.1, -3, -2.5};
    double[] ngrams = {-40, -5, -60};
    double[] logs = new ProductOfExperts(0.7, 0.2).logs(network, ngrams);
    double sum = 0;
    for (double each : logs) {
      sum += Math.exp(each);
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    assertThat(logs[1] - logs[0]).isCloseTo(0.7 * -2.9 + 0.2 * 35, within(1e-12));
  }
}
