package dev.unroll.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CentralDifferences;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The head with each loss against its definition in double precision, losses and all gradients. */
class LinearHeadTest {

  private static float[] numbers(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 2);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.gaussian(i);
    }
    return values;
  }

  @Property(tries = 100)
  void lossesWithTheirGradients(
      @ForAll @IntRange(min = 1, max = 90) int rows,
      @ForAll @IntRange(min = 1, max = 20) int units,
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll Loss kind,
      @ForAll long seed) {
    var layout = new Layout();
    var head = new LinearHead("", units, outputs, null, layout);
    float[] parameters = numbers(layout.size(), seed);
    float[] a = numbers(rows * units, seed + 1);
    int[] targets = new int[rows];
    float[] labels = new float[rows * outputs];
    for (int row = 0; row < rows; row++) {
      targets[row] = Math.floorMod(row * 31 + (int) seed, outputs);
      for (int v = 0; v < outputs; v++) {
        labels[row * outputs + v] = kind.wanted(row, v, targets[row]);
      }
    }
    float[] gradients = new float[layout.size()];
    float[] da = new float[rows * units];
    var weights = new LinearHead.Weights(Precision.FLOAT32);
    head.packForward(parameters, weights, Workers.single());
    head.packBackward(parameters, weights, Workers.single());
    double loss =
        head.lossAndGradient(
            weights,
            new LinearHead.Buffers(),
            Matrix.of(a, rows, units),
            kind.of(head, targets, labels),
            0.5f,
            Matrix.of(da, rows, units),
            gradients,
            Workers.single());

    double[] wantedGradients = new double[gradients.length];
    double[] wantedDa = new double[da.length];
    double wanted = 0;
    for (int row = 0; row < rows; row++) {
      double[] z = new double[outputs];
      double[] y = new double[outputs];
      for (int v = 0; v < outputs; v++) {
        y[v] = labels[row * outputs + v];
        z[v] = parameters[head.bias().offset() + v];
        for (int j = 0; j < units; j++) {
          z[v] += (double) parameters[v * units + j] * a[row * units + j];
        }
      }
      wanted += kind.loss(z, y);
      double[] gradient = kind.gradient(z, y);
      for (int v = 0; v < outputs; v++) {
        double dz = 0.5 * gradient[v];
        wantedGradients[head.bias().offset() + v] += dz;
        for (int j = 0; j < units; j++) {
          wantedGradients[v * units + j] += dz * a[row * units + j];
          wantedDa[row * units + j] += dz * parameters[v * units + j];
        }
      }
    }
    assertThat(loss).isCloseTo(wanted, within(1e-5 * Math.max(1, wanted)));
    assertClose(gradients, wantedGradients);
    assertClose(da, wantedDa);
  }

  /** A loss in double precision, as plain as can be, and its gradient. */
  enum Loss {
    SOFTMAX,
    SIGMOID;

    float wanted(int row, int v, int target) {
      return switch (this) {
        case SOFTMAX -> v == target ? 1 : 0;
        case SIGMOID -> (row + v) % 2;
      };
    }

    LinearHead.RowLoss of(LinearHead head, int[] targets, float[] wanted) {
      return switch (this) {
        case SOFTMAX -> head.softmaxLoss(targets, 0);
        case SIGMOID -> head.sigmoidLoss(wanted);
      };
    }

    double loss(double[] z, double[] y) {
      double sum = Arrays.stream(z).map(Math::exp).sum();
      double loss = 0;
      for (int v = 0; v < z.length; v++) {
        double p = 1 / (1 + Math.exp(-z[v]));
        loss +=
            switch (this) {
              case SOFTMAX -> -y[v] * (z[v] - Math.log(sum));
              case SIGMOID -> -y[v] * Math.log(p) - (1 - y[v]) * Math.log1p(-p);
            };
      }
      return loss;
    }

    double[] gradient(double[] z, double[] y) {
      double sum = Arrays.stream(z).map(Math::exp).sum();
      double[] gradient = new double[z.length];
      for (int v = 0; v < z.length; v++) {
        gradient[v] =
            switch (this) {
              case SOFTMAX -> Math.exp(z[v]) / sum - y[v];
              case SIGMOID -> 1 / (1 + Math.exp(-z[v])) - y[v];
            };
      }
      return gradient;
    }
  }

  @Property
  void theReferenceGradientIsThatOfItsLoss(
      @ForAll Loss kind, @ForAll @IntRange(min = 1, max = 9) int outputs, @ForAll long seed) {
    double[] z = new double[outputs];
    double[] y = new double[outputs];
    int target = Math.floorMod(seed, outputs);
    for (int v = 0; v < outputs; v++) {
      z[v] = Math.sin(seed % 1000 + 7.0 * v);
      y[v] = kind.wanted(3, v, target);
    }
    double[] gradient = kind.gradient(z, y);
    CentralDifferences.check(z, gradient, 1e-5, () -> kind.loss(z, y));
  }

  private static void assertClose(float[] actual, double[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) actual[i])
          .isCloseTo(wanted[i], within(2e-5 * Math.max(1, Math.abs(wanted[i]))));
    }
  }
}
