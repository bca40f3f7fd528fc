package dev.unroll.batch;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.CounterRandom.Purpose;
import java.util.stream.IntStream;

/** Where the lanes of a stream are cut into batches, in each epoch. */
@FunctionalInterface
public interface Windows {

  /** The shortest window that is drawn. */
  int SHORTEST = 5;

  /** Spread of the lengths that are drawn. */
  int DEVIATION = 5;

  /** One in so many windows is about half as long. */
  int HALVES = 20;

  /**
   * Returns where the windows of lanes of {@code length} begin, followed by the end of the lanes.
   */
  int[] starts(int epoch, int length);

  /** Cuts after every {@code steps} steps. */
  static Windows equal(int steps) {
    return (epoch, length) ->
        IntStream.rangeClosed(0, (int) (((long) length + steps - 1) / steps))
            .map(i -> (int) Math.min(length, (long) i * steps))
            .toArray();
  }

  /**
   * Draws each length (Merity et al. 2018): normal around {@code steps}, or, one time in twenty,
   * around half of it, with a deviation of 5 and never below 5.
   */
  static Windows random(int steps, long seed) {
    return (epoch, length) -> {
      var random = CounterRandom.of(seed, Purpose.WINDOWS, epoch);
      var starts = IntStream.builder();
      int at = 0;
      for (int i = 0; at < length; i++) {
        starts.add(at);
        int mean = random.part(0).below(i, HALVES) == 0 ? steps / 2 : steps;
        long drawn = Math.round(mean + DEVIATION * random.part(1).gaussian(i));
        at = (int) Math.min(length, at + Math.max(SHORTEST, drawn));
      }
      return starts.add(length).build().toArray();
    };
  }
}
