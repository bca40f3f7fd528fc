package dev.unroll.batch;

/**
 * A corpus cut into batches. Any batch of any epoch can be asked for, so a position is two numbers.
 */
public interface Batches {

  /** Returns the number of batches of an epoch. */
  int count(int epoch);

  /** Returns a batch, for 0 ≤ {@code index} &lt; {@link #count}. */
  Batch batch(int epoch, int index);
}
