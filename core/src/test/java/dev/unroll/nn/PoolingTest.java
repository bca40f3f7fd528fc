package dev.unroll.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Pooling against its definition in double precision, whose central differences are the gradients.
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

  private record Reference(
      Pooling.Kind kind, boolean both, Steps steps, double[] parameters, double[] a) {

    double[] pooled(int s) {
      int length = steps.length(s);
      double[] p = new double[WIDTH];
      double[] shares = new double[length];
      double sum = 0;
      for (int t = 0; t < length && kind == Pooling.Kind.ATTENTION; t++) {
        shares[t] = Math.exp(score(steps.row(t, s)));
        sum += shares[t];
      }
      for (int j = 0; j < WIDTH && length > 0; j++) {
        p[j] = kind == Pooling.Kind.MAX ? Double.NEGATIVE_INFINITY : 0;
        for (int t = 0; t < length; t++) {
          double value = a[steps.row(t, s) * WIDTH + j];
          int counts = both && j >= WIDTH / 2 ? 0 : length - 1;
          p[j] =
              switch (kind) {
                case LAST -> t == counts ? value : p[j];
                case MEAN -> p[j] + value / length;
                case MAX -> Math.max(p[j], value);
                case ATTENTION -> p[j] + shares[t] / sum * value;
              };
        }
      }
      return p;
    }

    private double score(int row) {
      int bias = WIDTH * WIDTH;
      double score = 0;
      for (int i = 0; i < WIDTH; i++) {
        double z = parameters[bias + i];
        for (int j = 0; j < WIDTH; j++) {
          z += parameters[i * WIDTH + j] * a[row * WIDTH + j];
        }
        score += parameters[bias + WIDTH + i] * Math.tanh(z);
      }
      return score;
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

  @Property(tries = 120)
  void outputsAndGradientsAgreeWithTheDefinition(
      @ForAll Pooling.Kind kind,
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
    float[][] kept = new float[2][];
    for (int threads = 1; threads <= 2; threads++) {
      float[] da = new float[a.length];
      Arrays.fill(da, Float.NaN); // to be written
      float[] gradients = new float[layout.size()];
      try (var workers = new Workers(threads)) {
        var weights = new Pooling.Weights(Precision.FLOAT32);
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
      assertClose(da, reference.a(), reference, dp);
      assertClose(gradients, reference.parameters(), reference, dp);
      kept[threads - 1] = da;
    }
    assertThat(kept[1]).isEqualTo(kept[0]);
  }

  private static void assertClose(
      float[] gradients, double[] values, Reference reference, float[] weights) {
    for (int i = 0; i < values.length; i++) {
      double before = values[i];
      values[i] = before + 1e-6;
      double above = reference.loss(weights);
      values[i] = before - 1e-6;
      double below = reference.loss(weights);
      values[i] = before;
      double expected = (above - below) / 2e-6;
      double allowed = 2e-5 * Math.max(1, Math.abs(expected));
      assertThat((double) gradients[i]).isCloseTo(expected, within(allowed));
    }
  }

  @Example
  void theLastOutputOfASumOfBothWaysIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pooling(Pooling.Kind.LAST, 4, Direction.SUM, new Layout()));
  }
}
