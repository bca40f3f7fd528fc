package dev.unroll.batch;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.CounterRandom.Purpose;

/**
 * Which lanes of a stream start over instead of continuing where they ended, so that a network
 * learns to begin, and to leave a state that it is stuck in (Melis et al. 2018, with a rate of
 * 0.01).
 *
 * @param rate share of the windows of each lane that start over
 * @param seed decides which
 */
record Resets(double rate, long seed) {

  /** Lanes that continue through all of an epoch. */
  static final Resets NONE = new Resets(0, 0);

  /** Returns for each lane whether it continues in a batch; in the first of an epoch none does. */
  boolean[] continues(int epoch, int index, int lanes) {
    boolean[] continues = new boolean[lanes];
    var random = CounterRandom.of(seed, Purpose.RESETS, epoch).part(index);
    for (int lane = 0; index > 0 && lane < lanes; lane++) {
      continues[lane] = random.uniform(lane) >= rate;
    }
    return continues;
  }
}
