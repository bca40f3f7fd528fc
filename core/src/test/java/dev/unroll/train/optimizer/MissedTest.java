package dev.unroll.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.train.optimizer.Optimizer.Step;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps that are made up for together end in the bits of one step after the other. */
class MissedTest {

  private static final int SIZE = 300;
  private static final int STEPS = 2500;

  private record Case(Adam adam, Rates rates, long firstStep) {}

  private interface Rates {
    double at(int step);
  }

  static Stream<Case> cases() {
    double rate = 0.001;
    return Stream.of(
        new Case(new Adam(rate), step -> rate, 1),
        new Case(new Adam(rate), step -> rate, 5003),
        // A parameter that rests at first would move again.
        new Case(new Adam(rate), step -> step < 100 ? 1e-9 : 1, 700),
        new Case(new Adam(rate), step -> rate * (1 - step / (double) STEPS), 64),
        new Case(new Adam(rate), step -> step < 50 ? 0 : 1e-4, 1),
        // No first moment fades faster than the root of a second one.
        new Case(new Adam(rate, 0.9, 0.8, 1e-8), step -> rate, 1),
        new Case(new Adam(rate, 0, 0.999, 1e-8), step -> rate, 1),
        new Case(new Adam(rate, 0.99, 0, 1e-8), step -> rate, 1),
        // Where a second moment is set to zero the divisor shrinks to ε.
        new Case(new Adam(rate, 0.9, 0.95, 1e-25), step -> rate, 1),
        new Case(new Adam(900, 0.9, 0.999, 1e-12), step -> 900, 1),
        new Case(new Adam(rate, 0.5, 0.6, 1), step -> 1e-30, 3));
  }

  private static float any(Random random, float usual) {
    return switch (random.nextInt(12)) {
      case 0 -> 0f;
      case 1 -> usual * (float) Math.exp(-90 * random.nextDouble());
      case 2 -> usual * 1e-38f;
      case 3 -> usual * 1e20f;
      default -> usual;
    };
  }

  private static float[] values(long seed, boolean positive) {
    var random = new Random(seed);
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      float value = any(random, (float) random.nextGaussian() * 0.1f);
      values[i] = positive ? value * value : value;
    }
    values[SIZE / 2] = positive ? 0f : -0f;
    values[SIZE / 3] = Float.POSITIVE_INFINITY;
    return values;
  }

  private static Optimizer.Update update(Adam adam, long seed) {
    var update = adam.newUpdate(SIZE);
    System.arraycopy(values(seed + 1, false), 0, update.moments().get("m"), 0, SIZE);
    System.arraycopy(values(seed + 2, true), 0, update.moments().get("v"), 0, SIZE);
    return update;
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToIntBits(values[i])).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepsTogetherHaveTheBitsOfEachInItsTime(Case chosen) {
    for (int next : new int[] {0, 1, 97, STEPS - 3}) {
      var plain = update(chosen.adam, next);
      var together = update(chosen.adam, next);
      float[] one = values(next, false);
      float[] other = one.clone();
      var missed = together.newMissed();
      int from = 5;
      for (int i = 0; i < STEPS; i++) {
        var step = new Step(chosen.firstStep + i, chosen.rates.at(i), 0.3f);
        missed.add(step);
        if (i >= next) {
          plain.apply(one, new float[SIZE], step, from, SIZE - 2);
        }
      }
      assertThat(missed.count()).isEqualTo(STEPS);
      missed.catchUp(next, other, new float[SIZE], from, SIZE - 2);
      assertThat(bits(other)).isEqualTo(bits(one));
      for (String moment : new String[] {"m", "v"}) {
        assertThat(bits(together.moments().get(moment)))
            .as(moment)
            .isEqualTo(bits(plain.moments().get(moment)));
      }
    }
  }
}
