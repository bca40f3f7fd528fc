package dev.unroll.layer;

import dev.unroll.kernel.CounterRandom;

/**
 * The random numbers of dropout and zoneout in some rows of a batch.
 *
 * @param random the numbers of the whole batch
 * @param firstRow the place of these rows in it
 */
public record Noise(CounterRandom random, int firstRow) {

  /** Returns further numbers for the same rows. */
  public Noise part(long number) {
    return new Noise(random.part(number), firstRow);
  }
}
