package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CentralDifferences;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Pooling against its definition in double precision, whose gradient agrees with differences of its
 * loss.
 */
class PoolingTest {

  private static final int WIDTH = 6;

  private static float[] numbers(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 6);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.gaussian(i);
    }
    return values;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  @Provide
  Arbitrary<int[]> lengths() {
    return Arbitraries.integers().between(0, 6).array(int[].class).ofMinSize(1).ofMaxSize(7);
  }

  /** Every p is a sum of the outputs, each with its share. */
  private record Reference(
      PoolingKind kind, boolean both, Steps steps, double[] parameters, double[] a) {

    double[] pooled(int s) {
      double[][] shares = shares(s);
      double[] p = new double[WIDTH];
      for (int t = 0; t < steps.length(s); t++) {
        for (int j = 0; j < WIDTH; j++) {
          p[j] += shares[t][j] * a(s, t, j);
        }
      }
      return p;
    }

    private double a(int s, int t, int j) {
      return a[steps.row(t, s) * WIDTH + j];
    }

    /** How much each element of each step counts, [T][width]. */
    private double[][] shares(int s) {
      int length = steps.length(s);
      double[][] shares = new double[length][WIDTH];
      double[] attention = kind == PoolingKind.ATTENTION ? attention(s) : new double[length];
      for (int j = 0; j < WIDTH && length > 0; j++) {
        int place = both && j >= WIDTH / 2 ? 0 : length - 1;
        for (int t = 0; t < length && kind == PoolingKind.MAX; t++) {
          place = a(s, t, j) > a(s, place, j) ? t : place;
        }
        for (int t = 0; t < length; t++) {
          shares[t][j] =
              switch (kind) {
                case LAST, MAX -> t == place ? 1 : 0;
                case MEAN -> 1.0 / length;
                case ATTENTION -> attention[t];
              };
        }
      }
      return shares;
    }

    /** α of each step. */
    private double[] attention(int s) {
      double[] shares = new double[steps.length(s)];
      for (int t = 0; t < shares.length; t++) {
        double[] hidden = hidden(s, t);
        for (int i = 0; i < WIDTH; i++) {
          shares[t] += parameters[WIDTH * WIDTH + WIDTH + i] * hidden[i];
        }
        shares[t] = Math.exp(shares[t]);
      }
      double sum = Arrays.stream(shares).sum();
      return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    /** tanh(W a + b). */
    private double[] hidden(int s, int t) {
      double[] hidden = new double[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        double z = parameters[WIDTH * WIDTH + i];
        for (int j = 0; j < WIDTH; j++) {
          z += parameters[i * WIDTH + j] * a(s, t, j);
        }
        hidden[i] = Math.tanh(z);
      }
      return hidden;
    }

    /** Gradients of {@link #loss} by the outputs and by the parameters. */
    double[][] gradients(float[] weights) {
      double[][] gradients = {new double[a.length], new double[parameters.length]};
      for (int s = 0; s < steps.batch(); s++) {
        double[][] shares = shares(s);
        for (int t = 0; t < steps.length(s); t++) {
          for (int j = 0; j < WIDTH; j++) {
            gradients[0][steps.row(t, s) * WIDTH + j] = shares[t][j] * weights[s * WIDTH + j];
          }
        }
        if (kind == PoolingKind.ATTENTION) {
          attentionBack(s, weights, gradients);
        }
      }
      return gradients;
    }

    private void attentionBack(int s, float[] weights, double[][] gradients) {
      double[] shares = attention(s);
      double[] dShares = new double[shares.length];
      double mean = 0;
      for (int t = 0; t < shares.length; t++) {
        for (int j = 0; j < WIDTH; j++) {
          dShares[t] += weights[s * WIDTH + j] * a(s, t, j);
        }
        mean += shares[t] * dShares[t];
      }
      for (int t = 0; t < shares.length; t++) {
        double dScore = shares[t] * (dShares[t] - mean);
        double[] hidden = hidden(s, t);
        for (int i = 0; i < WIDTH; i++) {
          int vector = WIDTH * WIDTH + WIDTH + i;
          double dz = dScore * parameters[vector] * (1 - hidden[i] * hidden[i]);
          gradients[1][vector] += dScore * hidden[i];
          gradients[1][WIDTH * WIDTH + i] += dz;
          for (int j = 0; j < WIDTH; j++) {
            gradients[1][i * WIDTH + j] += dz * a(s, t, j);
            gradients[0][steps.row(t, s) * WIDTH + j] += dz * parameters[i * WIDTH + j];
          }
        }
      }
    }

    double loss(float[] weights) {
      double loss = 0;
      for (int s = 0; s < steps.batch(); s++) {
        double[] p = pooled(s);
        for (int j = 0; j < WIDTH; j++) {
          loss += weights[s * WIDTH + j] * p[j];
        }
      }
      return loss;
    }
  }

  @Property(tries = 60)
  void theReferencesGradientIsThatOfItsLoss(
      @ForAll PoolingKind kind,
      @ForAll boolean both,
      @ForAll("lengths") int[] lengths,
      @ForAll long seed) {
    var steps = Steps.of(lengths);
    var layout = new Layout();
    new Pooling(kind, WIDTH, both ? Direction.BOTH : Direction.FORWARD, layout);
    double[] parameters = widen(numbers(layout.size(), seed));
    double[] a = widen(numbers(steps.rows() * WIDTH, seed + 1));
    float[] dp = numbers(steps.batch() * WIDTH, seed + 2);
    var reference = new Reference(kind, both, steps, parameters, a);
    double[][] gradients = reference.gradients(dp);
    CentralDifferences.check(a, gradients[0], 1e-6, () -> reference.loss(dp));
    CentralDifferences.check(parameters, gradients[1], 1e-6, () -> reference.loss(dp));
  }

  @Property(tries = 120)
  void outputsAndGradientsAgreeWithTheDefinition(
      @ForAll PoolingKind kind,
      @ForAll boolean both,
      @ForAll("lengths") int[] lengths,
      @ForAll long seed) {
    var steps = Steps.of(lengths);
    var layout = new Layout();
    var pooling = new Pooling(kind, WIDTH, both ? Direction.BOTH : Direction.FORWARD, layout);
    float[] parameters = numbers(layout.size(), seed);
    float[] a = numbers(steps.rows() * WIDTH, seed + 1);
    float[] dp = numbers(steps.batch() * WIDTH, seed + 2);
    var reference = new Reference(kind, both, steps, widen(parameters), widen(a));
    double[][] gradient = reference.gradients(dp);
    float[][] kept = new float[2][];
    for (int threads = 1; threads <= 2; threads++) {
      float[] da = new float[a.length];
      Arrays.fill(da, Float.NaN); // to be written
      float[] gradients = new float[layout.size()];
      try (var workers = new Workers(threads)) {
        var weights = new MatrixWeights(Precision.FLOAT32);
        pooling.packForward(parameters, weights, workers);
        pooling.packBackward(parameters, weights, workers);
        var tape = new Pooling.Tape();
        Matrix rows = Matrix.of(a, steps.rows(), WIDTH);
        float[] p = pooling.forward(weights, steps, rows, tape, workers).copyOfElements();
        for (int s = 0; s < steps.batch(); s++) {
          double[] expected = reference.pooled(s);
          for (int j = 0; j < WIDTH; j++) {
            assertThat((double) p[s * WIDTH + j]).isCloseTo(expected[j], within(2e-6));
          }
        }
        Matrix dPooled = Matrix.of(dp, steps.batch(), WIDTH);
        Matrix target = Matrix.of(da, steps.rows(), WIDTH);
        pooling.backward(weights, tape, dPooled, target, gradients, workers);
      }
      assertClose(da, gradient[0]);
      assertClose(gradients, gradient[1]);
      kept[threads - 1] = da;
    }
    assertThat(kept[1]).isEqualTo(kept[0]);
  }

  private static void assertClose(float[] found, double[] gradient) {
    assertThat(found).hasSameSizeAs(gradient);
    for (int i = 0; i < gradient.length; i++) {
      double allowed = 2e-5 * Math.max(1, Math.abs(gradient[i]));
      assertThat((double) found[i]).isCloseTo(gradient[i], within(allowed));
    }
  }

  @Example
  void theLastOutputOfASumOfBothWaysIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pooling(PoolingKind.LAST, 4, Direction.SUM, new Layout()));
  }
}
