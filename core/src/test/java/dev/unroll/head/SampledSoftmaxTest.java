package dev.unroll.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.CounterRandom.Purpose;
import dev.unroll.kernel.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sampled softmax against its formula in double, with differences for its gradient. */
class SampledSoftmaxTest {

  private static final int UNITS = 19;
  private static final int OUTPUTS = 60;
  private static final int ROWS = 23;
  private static final float SCALE = 0.13f;

  private final Layout layout = new Layout();
  private final TokenHead head = AdaptiveSoftmax.of(UNITS, OUTPUTS, List.of(), null, layout);
  private final float[] parameters = new float[layout.size()];
  private final float[] inputs = new float[ROWS * UNITS];
  private final int[] targets = new int[ROWS];

  SampledSoftmaxTest() {
    var random = new Random(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian() * 0.5f;
    }
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      targets[i] = random.nextInt(OUTPUTS / (1 + i % 4)); // some are candidates, some twice
    }
  }

  private static Candidates candidates(int count) {
    return Candidates.draw(CounterRandom.of(5, Purpose.DROPOUT, 7), count, OUTPUTS);
  }

  /** The definition, row by row. */
  private double loss(double[] values, double[] a, Candidates candidates) {
    double total = 0;
    for (int row = 0; row < ROWS; row++) {
      double own = logit(values, a, row, targets[row], candidates);
      double sum = Math.exp(own);
      for (int token : candidates.tokens()) {
        sum += token == targets[row] ? 0 : Math.exp(logit(values, a, row, token, candidates));
      }
      total += Math.log(sum) - own;
    }
    return total;
  }

  private static double logit(
      double[] values, double[] a, int row, int token, Candidates candidates) {
    double sum = values[OUTPUTS * UNITS + token] - candidates.logChance(token);
    for (int j = 0; j < UNITS; j++) {
      sum += values[token * UNITS + j] * a[row * UNITS + j];
    }
    return sum;
  }

  private record Found(double loss, float[] gradient, float[] da) {}

  private Found found(Candidates candidates, int threads) {
    float[] gradient = new float[layout.size()];
    float[] da = new float[inputs.length];
    try (var workers = new Workers(threads)) {
      var weights = head.newWeights(Precision.FLOAT32);
      weights.setForSampling(parameters);
      double loss =
          weights.lossAndGradient(
              new TokenHead.Buffers(),
              Matrix.of(inputs, ROWS, UNITS),
              new TokenHead.Loss(targets, 0, SCALE, candidates),
              new TokenHead.Gradients(Matrix.of(da, ROWS, UNITS), gradient),
              workers);
      return new Found(loss, gradient, da);
    }
  }

  private static double[] doubles(float[] values) {
    double[] copy = new double[values.length];
    Arrays.setAll(copy, i -> values[i]);
    return copy;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 21, 30})
  void lossAndGradientAreThoseOfTheFormula(int count) {
    Candidates candidates = candidates(count);
    Found found = found(candidates, 1);
    double[] values = doubles(parameters);
    double[] a = doubles(inputs);
    assertThat(found.loss).isCloseTo(loss(values, a, candidates), within(1e-4));
    assertDifferences(values, found.gradient, () -> loss(values, a, candidates));
    assertDifferences(a, found.da, () -> loss(values, a, candidates));
  }

  private static void assertDifferences(
      double[] x, float[] gradient, java.util.function.DoubleSupplier loss) {
    for (int i = 0; i < x.length; i++) {
      double kept = x[i];
      x[i] = kept + 1e-5;
      double above = loss.getAsDouble();
      x[i] = kept - 1e-5;
      double below = loss.getAsDouble();
      x[i] = kept;
      assertThat((double) gradient[i])
          .as("gradient %d", i)
          .isCloseTo(SCALE * (above - below) / 2e-5, within(2e-6));
    }
  }

  @Test
  void threadsChangeNoBit() {
    Found one = found(candidates(21), 1);
    Found three = found(candidates(21), 3);
    assertThat(three.loss).isEqualTo(one.loss);
    assertThat(three.gradient).isEqualTo(one.gradient);
    assertThat(three.da).isEqualTo(one.da);
  }

  /** With nearly all tokens the loss is nearly that of the whole softmax. */
  @Test
  void allButOneAreNearlyTheWhole() {
    var weights = head.newWeights(Precision.FLOAT32);
    weights.packForward(parameters, Workers.single());
    weights.packBackward(parameters, Workers.single());
    float[] gradient = new float[layout.size()];
    double whole =
        weights.lossAndGradient(
            new TokenHead.Buffers(),
            Matrix.of(inputs, ROWS, UNITS),
            new TokenHead.Loss(targets, 0, SCALE),
            new TokenHead.Gradients(Matrix.of(new float[inputs.length], ROWS, UNITS), gradient),
            Workers.single());
    assertThat(found(candidates(OUTPUTS - 1), 1).loss).isCloseTo(whole, within(0.03 * whole));
  }

  /**
   * How often a token is drawn is about what its logit is corrected by: n is counted, not given.
   */
  @Test
  void chancesAreThoseOfTheDraws() {
    int trials = 4000;
    double[] found = new double[OUTPUTS];
    double[] said = new double[OUTPUTS];
    for (int i = 0; i < trials; i++) {
      var drawn = Candidates.draw(CounterRandom.of(1, Purpose.DROPOUT, i), 12, OUTPUTS);
      assertThat(drawn.tokens()).hasSize(12).isSorted().doesNotHaveDuplicates();
      for (int token : drawn.tokens()) {
        found[token] += 1.0 / trials;
      }
      for (int token = 0; token < OUTPUTS; token++) {
        said[token] += Math.exp(drawn.logChance(token)) / trials;
      }
    }
    for (int token = 0; token < OUTPUTS; token++) {
      assertThat(said[token]).as("token %d", token).isCloseTo(found[token], within(0.03));
    }
    assertThat(found[0]).isGreaterThan(4 * found[OUTPUTS - 1]);
  }
}
