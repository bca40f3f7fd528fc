package dev.unroll.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Random choices of one try: they follow from its numbers alone, on whatever thread it runs. */
final class Dice {

  private final SplittableRandom random;

  private Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Returns the choices of one try of a campaign. */
  static Dice of(long seed, String kind, long number) {
    return new Dice(
        new SplittableRandom(seed ^ ((long) kind.hashCode() << 32)).nextLong() + 31 * number);
  }

  /** Returns a number from 0 up to {@code bound}, without it. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Returns a number from 1 up to {@code most}, the small ones more often. */
  int few(int most) {
    int few = 1;
    while (few < most && random.nextBoolean()) {
      few++;
    }
    return few;
  }

  /** Returns true once in {@code times}. */
  boolean once(int times) {
    return random.nextInt(times) == 0;
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  byte oneByte() {
    return (byte) random.nextInt(256);
  }
}
