package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Losses and their gradients against the definitions in double precision. */
class SoftmaxTest {

  private static float[] logits(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 0);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) (5 * random.gaussian(i));
    }
    return x;
  }

  @Property(tries = 200)
  void crossEntropyAndItsGradient(
      @ForAll @IntRange(min = 1, max = 100) int count, @ForAll long seed) {
    float[] row = logits(count, seed);
    double[] exact = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      exact[i] = Math.exp(row[i]);
      sum += exact[i];
    }
    int target = (int) Math.floorMod(seed, (long) count);
    double expected = Math.log(sum) - row[target];
    assertThat(Softmax.logSumExp(row, 0, count)).isCloseTo(Math.log(sum), within(1e-5));
    double loss = Softmax.crossEntropy(row, 0, count, target, 0.5f);
    assertThat(loss).isCloseTo(expected, within(1e-5));
    for (int i = 0; i < count; i++) {
      double wanted = 0.5 * (exact[i] / sum - (i == target ? 1 : 0));
      assertThat((double) row[i]).isCloseTo(wanted, within(1e-6));
    }
  }

  @Property(tries = 200)
  void sigmoidCrossEntropyAndItsGradient(
      @ForAll @IntRange(min = 1, max = 40) int count, @ForAll long seed) {
    float[] row = logits(count, seed);
    float[] labels = new float[count];
    double expected = 0;
    double[] gradient = new double[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 3 / 2f;
      double p = 1 / (1 + Math.exp(-(double) row[i]));
      expected -= labels[i] * Math.log(p) + (1 - labels[i]) * Math.log1p(-p);
      gradient[i] = 2 * (p - labels[i]);
    }
    double loss = Softmax.sigmoidCrossEntropy(row, 0, labels, 0, count, 2f);
    assertThat(loss).isCloseTo(expected, within(1e-6 * Math.max(1, expected)));
    for (int i = 0; i < count; i++) {
      assertThat((double) row[i]).isCloseTo(gradient[i], within(1e-6));
    }
  }

  @Example
  void extremeLogitsGiveFiniteLosses() {
    float[] row = {1000f, -1000f, 0f};
    assertThat(Softmax.crossEntropy(row.clone(), 0, 3, 1, 1f)).isEqualTo(2000.0);
    assertThat(Softmax.crossEntropy(row.clone(), 0, 3, 0, 1f)).isEqualTo(0.0);
    float[] labels = {0f, 1f, 0f};
    assertThat(Softmax.sigmoidCrossEntropy(row, 0, labels, 0, 3, 1f))
        .isCloseTo(2000 + Math.log(2), within(1e-6));
  }

  @Example
  void aNanIsNeverHidden() {
    float[] row = {1f, Float.NaN, 2f};
    assertThat(Softmax.crossEntropy(row, 0, 3, 0, 1f)).isNaN();
  }

  @Example
  void probabilitiesSumToOne() {
    float[] row = logits(1000, 3);
    Softmax.replaceByProbabilities(row, 0, 1000);
    assertThat((double) Reductions.sum(row, 0, 1000)).isCloseTo(1, within(1e-6));
  }
}
