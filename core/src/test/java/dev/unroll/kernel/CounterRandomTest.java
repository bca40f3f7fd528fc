package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.kernel.CounterRandom.Purpose;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

  @Test
  void momentsAreThoseOfTheDistributions() {
    var random = CounterRandom.of(5, Purpose.DROPOUT, 9);
    int n = 200_000;
    double mean = 0;
    double normalMean = 0;
    double normalSquare = 0;
    for (int i = 0; i < n; i++) {
      mean += random.uniform(i) / n;
      double g = random.gaussian(i);
      normalMean += g / n;
      normalSquare += g * g / n;
    }
    assertThat(mean).isCloseTo(0.5, within(0.005));
    assertThat(normalMean).isCloseTo(0, within(0.01));
    assertThat(normalSquare).isCloseTo(1, within(0.02));
  }

  @Test
  void seedPurposeStepPartAndIndexAllMatter() {
    var seen = new HashSet<Long>();
    for (long seed = 0; seed < 3; seed++) {
      for (Purpose purpose : Purpose.values()) {
        for (long step = 0; step < 3; step++) {
          var random = CounterRandom.of(seed, purpose, step);
          for (long i = 0; i < 10; i++) {
            assertThat(seen.add(random.bits(i))).isTrue();
            assertThat(seen.add(random.part(i).bits(0))).isTrue();
          }
        }
      }
    }
  }

  @Test
  void belowStaysInRangeAndReachesItAll() {
    var random = CounterRandom.of(1, Purpose.SHUFFLE, 0);
    var seen = new HashSet<Long>();
    for (int i = 0; i < 1000; i++) {
      seen.add(random.below(i, 7));
    }
    assertThat(seen).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L);
  }
}
