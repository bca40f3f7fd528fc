package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Reductions;
import dev.unroll.result.Sampling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens are drawn as by the plain way, which computes the weights of the whole vocabulary. */
class SamplerTest {

  private static final int BLOCK = 64;
  private static final int UNKNOWN = 3;

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1, false",
    "0.7, 0, 1, true",
    "1.3, 5, 1, false",
    "1, 0, 0.9, true",
    "0.5, 70, 0.6, false",
    "0, 0, 1, false",
    "0, 0, 1, true"
  })
  void drawsAsThePlainWay(double temperature, int topK, double topP, boolean unknown) {
    var options = new Sampling(temperature, topK, topP, unknown, 10, false, 9);
    var random = new Random(7);
    for (int tokens : new int[] {4, 63, 64, 65, 200, 1000}) {
      for (int number = 0; number < 40; number++) {
        float[] logits = new float[tokens];
        for (int i = 0; i < tokens; i++) {
          logits[i] = (float) (random.nextInt(4) == 0 ? 1.5 : 3 * random.nextGaussian());
        }
        logits[UNKNOWN] = 5;
        float[] before = logits.clone();
        int drawn = new Sampler(options, number).draw(logits, UNKNOWN, 2);
        assertThat(drawn).isEqualTo(plain(options, number, logits.clone()));
        assertThat(logits).isEqualTo(before);
      }
    }
  }

  private static int plain(Sampling options, long number, float[] weights) {
    if (!options.unknownAllowed()) {
      weights[UNKNOWN] = Float.NEGATIVE_INFINITY;
    }
    float max = Reductions.max(weights, 0, weights.length);
    if (options.temperature() == 0) {
      return IntStream.range(0, weights.length)
          .filter(i -> weights[i] == max)
          .findFirst()
          .orElse(-1);
    }
    float inverse = (float) (1 / options.temperature());
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (weights[i] - max) * inverse;
    }
    Functions.exp(weights, weights, 0, weights.length);
    if (options.topK() > 0 || options.topP() < 1) {
      keep(options, weights);
    }
    double[] sums = new double[(weights.length + BLOCK - 1) / BLOCK];
    for (int i = 0; i < weights.length; i++) {
      sums[i / BLOCK] += weights[i];
    }
    var random = CounterRandom.of(options.seed(), CounterRandom.Purpose.SAMPLING, number);
    double left = random.uniform(2) * Arrays.stream(sums).reduce(0, Double::sum);
    int block = 0;
    while (block < sums.length - 1 && left >= sums[block]) {
      left -= sums[block++];
    }
    int drawn = -1;
    for (int i = block * BLOCK; i < weights.length && left >= 0; i++) {
      if (weights[i] > 0) {
        drawn = i;
        left -= weights[i];
      }
    }
    return drawn;
  }

  private static void keep(Sampling options, float[] weights) {
    int[] order =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -weights[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int count = options.topK() > 0 ? Math.min(options.topK(), order.length) : order.length;
    double all = 0;
    for (int i = 0; i < count; i++) {
      all += weights[order[i]];
    }
    double reached = 0;
    int last = 0;
    while (last < count && (last == 0 || reached < options.topP() * all)) {
      reached += weights[order[last++]];
    }
    for (int i = last; i < order.length; i++) {
      weights[order[i]] = 0f;
    }
  }

  @Test
  void refusesWhatIsNoNumber() {
    float[] logits = new float[100];
    Arrays.fill(logits, Float.NaN);
    assertThatThrownBy(() -> new Sampler(Sampling.defaults(), 0).draw(logits, UNKNOWN, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no token can be drawn");
  }
}
