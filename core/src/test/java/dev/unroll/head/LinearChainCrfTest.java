package dev.unroll.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CentralDifferences;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.Steps;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * The forward algorithm, Viterbi's and all gradients against sums over every sequence of tags in
 * double precision, whose gradient agrees with differences of their loss.
 */
class LinearChainCrfTest {

  private static float[] numbers(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 4);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.gaussian(i);
    }
    return values;
  }

  @Provide
  Arbitrary<int[]> lengths() {
    return Arbitraries.integers().between(0, 5).array(int[].class).ofMinSize(1).ofMaxSize(6);
  }

  /** A batch in double precision, by brute force. Parameters: transitions, start, end. */
  private record Reference(int tags, Steps steps, double[] parameters, double[] scores) {

    double score(int s, int[] y) {
      double sum =
          parameters[tags * tags + y[0]] + parameters[tags * tags + tags + y[y.length - 1]];
      for (int t = 0; t < y.length; t++) {
        sum += scores[steps.row(t, s) * tags + y[t]];
        sum += t > 0 ? parameters[y[t - 1] * tags + y[t]] : 0;
      }
      return sum;
    }

    int[] path(int number, int length) {
      int[] y = new int[length];
      for (int t = 0; t < length; t++) {
        y[t] = number % tags;
        number /= tags;
      }
      return y;
    }

    int paths(int length) {
      return (int) Math.round(Math.pow(tags, length));
    }

    double whole(int s) {
      double sum = 0;
      for (int i = 0; i < paths(steps.length(s)); i++) {
        sum += Math.exp(score(s, path(i, steps.length(s))));
      }
      return Math.log(sum);
    }

    int[] ofSequence(int s, int[] rows) {
      int[] y = new int[steps.length(s)];
      for (int t = 0; t < y.length; t++) {
        y[t] = rows[steps.row(t, s)];
      }
      return y;
    }

    double loss(int[] targets) {
      double loss = 0;
      for (int s = 0; s < steps.batch(); s++) {
        if (steps.length(s) > 0) {
          loss += whole(s) - score(s, ofSequence(s, targets));
        }
      }
      return loss;
    }

    /** Gradients of {@link #loss} by the scores and by the parameters. */
    double[][] gradients(int[] targets) {
      double[][] gradients = {new double[scores.length], new double[parameters.length]};
      for (int s = 0; s < steps.batch(); s++) {
        if (steps.length(s) > 0) {
          double whole = whole(s);
          for (int i = 0; i < paths(steps.length(s)); i++) {
            int[] y = path(i, steps.length(s));
            count(s, y, Math.exp(score(s, y) - whole), gradients);
          }
          count(s, ofSequence(s, targets), -1, gradients);
        }
      }
      return gradients;
    }

    /** Adds the share of one path to all that its score is a sum of. */
    private void count(int s, int[] y, double share, double[][] gradients) {
      gradients[1][tags * tags + y[0]] += share;
      gradients[1][tags * tags + tags + y[y.length - 1]] += share;
      for (int t = 0; t < y.length; t++) {
        gradients[0][steps.row(t, s) * tags + y[t]] += share;
        if (t > 0) {
          gradients[1][y[t - 1] * tags + y[t]] += share;
        }
      }
    }

    double best(int s) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < paths(steps.length(s)); i++) {
        most = Math.max(most, score(s, path(i, steps.length(s))));
      }
      return most;
    }

    double marginal(int s, int t, int tag) {
      double sum = 0;
      for (int i = 0; i < paths(steps.length(s)); i++) {
        int[] y = path(i, steps.length(s));
        sum += y[t] == tag ? Math.exp(score(s, y) - whole(s)) : 0;
      }
      return sum;
    }
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static int[] targets(Steps steps, int tags, long seed) {
    int[] targets = new int[steps.rows()];
    Arrays.setAll(targets, row -> (int) Math.floorMod(row * 5 + seed, (long) tags));
    return targets;
  }

  @Property(tries = 25)
  void theReferencesGradientIsThatOfItsLoss(
      @ForAll @IntRange(min = 1, max = 4) int tags,
      @ForAll("lengths") int[] lengths,
      @ForAll long seed) {
    var steps = Steps.of(lengths);
    int[] targets = targets(steps, tags, seed);
    double[] parameters = widen(numbers(tags * tags + 2 * tags, seed));
    double[] scores = widen(numbers(steps.rows() * tags, seed + 1));
    var reference = new Reference(tags, steps, parameters, scores);
    double[][] gradients = reference.gradients(targets);
    CentralDifferences.check(scores, gradients[0], 1e-5, () -> reference.loss(targets));
    CentralDifferences.check(parameters, gradients[1], 1e-5, () -> reference.loss(targets));
  }

  @Property(tries = 100)
  void lossAndGradientsAreThoseOfAllPaths(
      @ForAll @IntRange(min = 1, max = 4) int tags,
      @ForAll("lengths") int[] lengths,
      @ForAll long seed) {
    var steps = Steps.of(lengths);
    var layout = new Layout();
    var crf = new LinearChainCrf(tags, layout);
    float[] parameters = numbers(layout.size(), seed);
    float[] scores = numbers(steps.rows() * tags, seed + 1);
    int[] targets = targets(steps, tags, seed);
    var reference = new Reference(tags, steps, widen(parameters), widen(scores));
    double[][] expected = reference.gradients(targets);
    var space = new LinearChainCrf.Buffers();
    Matrix rows = Matrix.of(scores, steps.rows(), tags);
    assertThat(crf.loss(parameters, space, steps, rows, targets, Workers.single()))
        .isCloseTo(reference.loss(targets), within(1e-5));
    float[][] results = new float[2][];
    for (int threads = 1; threads <= 2; threads++) {
      float[] d = scores.clone();
      float[] gradients = new float[layout.size()];
      double loss;
      try (var workers = new Workers(threads)) {
        loss =
            crf.lossAndGradient(
                parameters,
                new LinearChainCrf.Buffers(),
                steps,
                Matrix.of(d, steps.rows(), tags),
                targets,
                new LinearChainCrf.Scale(0.5f),
                gradients,
                workers);
      }
      assertThat(loss).isCloseTo(reference.loss(targets), within(1e-5));
      assertHalf(d, expected[0]);
      assertHalf(gradients, expected[1]);
      results[threads - 1] = gradients;
    }
    assertThat(results[1]).isEqualTo(results[0]);
  }

  /** The engine was asked for half of the gradient. */
  private static void assertHalf(float[] found, double[] gradient) {
    assertThat(found).hasSameSizeAs(gradient);
    for (int i = 0; i < gradient.length; i++) {
      assertThat((double) found[i]).isCloseTo(0.5 * gradient[i], within(2e-6));
    }
  }

  /** Log Z from the engine's loss, of which the score of the targets is taken away. */
  @Property(tries = 60)
  void theLogarithmOfTheSumOverAllPathsIsThatOfTheLoss(
      @ForAll @IntRange(min = 1, max = 4) int tags,
      @ForAll @IntRange(min = 1, max = 6) int length,
      @ForAll long seed) {
    var steps = Steps.of(length);
    var layout = new Layout();
    var crf = new LinearChainCrf(tags, layout);
    float[] parameters = numbers(layout.size(), seed);
    float[] scores = numbers(steps.rows() * tags, seed + 1);
    var reference = new Reference(tags, steps, widen(parameters), widen(scores));
    double shares = 0;
    for (int i = 0; i < reference.paths(length); i++) {
      int[] y = reference.path(i, length);
      var space = new LinearChainCrf.Buffers();
      Matrix rows = Matrix.of(scores, steps.rows(), tags);
      double loss = crf.loss(parameters, space, steps, rows, y, Workers.single());
      assertThat(loss + reference.score(0, y)).isCloseTo(reference.whole(0), within(1e-5));
      shares += Math.exp(-loss);
    }
    assertThat(shares).isCloseTo(1, within(1e-5)); // the probabilities of all paths
  }

  @Property(tries = 60)
  void decodesTheBestPathAndItsProbabilities(
      @ForAll @IntRange(min = 1, max = 4) int tags,
      @ForAll("lengths") int[] lengths,
      @ForAll long seed) {
    var steps = Steps.of(lengths);
    var layout = new Layout();
    var crf = new LinearChainCrf(tags, layout);
    float[] parameters = numbers(layout.size(), seed);
    float[] scores = numbers(steps.rows() * tags, seed + 1);
    var reference = new Reference(tags, steps, widen(parameters), widen(scores));
    var space = new LinearChainCrf.Buffers();
    Matrix rows = Matrix.of(scores, steps.rows(), tags);
    int[] best = crf.decode(parameters, space, steps, rows, Workers.single());
    crf.replaceByMarginals(parameters, space, steps, rows, Workers.single());
    for (int s = 0; s < steps.batch(); s++) {
      if (steps.length(s) > 0) {
        double found = reference.score(s, reference.ofSequence(s, best));
        assertThat(found).isCloseTo(reference.best(s), within(1e-9));
      }
      for (int t = 0; t < steps.length(s); t++) {
        int row = steps.row(t, s) * tags;
        for (int tag = 0; tag < tags; tag++) {
          assertThat((double) scores[row + tag])
              .isCloseTo(reference.marginal(s, t, tag), within(2e-6));
        }
      }
    }
  }

  /** Logarithms of thousands of steps neither overflow nor lose their small differences. */
  @Property(tries = 2)
  void longSequencesKeepTheirProbabilities(@ForAll long seed) {
    int tags = 5;
    var steps = Steps.of(5000);
    var layout = new Layout();
    var crf = new LinearChainCrf(tags, layout);
    float[] parameters = numbers(layout.size(), seed);
    float[] scores = numbers(steps.rows() * tags, seed + 1);
    var space = new LinearChainCrf.Buffers();
    Matrix rows = Matrix.of(scores, steps.rows(), tags);
    crf.replaceByMarginals(parameters, space, steps, rows, Workers.single());
    for (int row = 0; row < steps.rows(); row++) {
      int at = row * tags;
      double sum =
          DoubleStream.iterate(0, i -> i < tags, i -> i + 1).map(i -> scores[at + (int) i]).sum();
      assertThat(sum).isCloseTo(1, within(1e-3));
    }
  }
}
