package dev.unroll.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The head with either loss against its definition in double precision, losses and all gradients.
 */
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
  void softmaxAndSigmoidLossesWithTheirGradients(
      @ForAll @IntRange(min = 1, max = 90) int rows,
      @ForAll @IntRange(min = 1, max = 20) int units,
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll boolean sigmoid,
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
        labels[row * outputs + v] = sigmoid ? (row + v) % 2 : v == targets[row] ? 1 : 0;
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
            sigmoid ? head.sigmoidLoss(labels) : head.softmaxLoss(targets, 0),
            0.5f,
            Matrix.of(da, rows, units),
            gradients,
            Workers.single());

    double[] wantedGradients = new double[gradients.length];
    double[] wantedDa = new double[da.length];
    double wanted = 0;
    for (int row = 0; row < rows; row++) {
      double[] z = new double[outputs];
      double sum = 0;
      for (int v = 0; v < outputs; v++) {
        z[v] = parameters[head.bias().offset() + v];
        for (int j = 0; j < units; j++) {
          z[v] += (double) parameters[v * units + j] * a[row * units + j];
        }
        sum += Math.exp(z[v]);
      }
      for (int v = 0; v < outputs; v++) {
        double y = labels[row * outputs + v];
        double p = sigmoid ? 1 / (1 + Math.exp(-z[v])) : Math.exp(z[v]) / sum;
        wanted -= y * Math.log(p) + (sigmoid ? (1 - y) * Math.log1p(-p) : 0);
        double dz = 0.5 * (p - y);
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

  private static void assertClose(float[] actual, double[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) actual[i])
          .isCloseTo(wanted[i], within(2e-5 * Math.max(1, Math.abs(wanted[i]))));
    }
  }
}
