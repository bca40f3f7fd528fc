package dev.unroll.learn;

import java.util.Arrays;

/**
 * One of the shards that every batch of a step is cut into: consecutive sequences of each batch, as
 * many as of any other shard, or one more. Number and order of the shards are part of what a run
 * is, so that it ends with the same bits wherever they are computed.
 *
 * @param number number of the shard, from 0
 * @param count number of shards
 */
public record Shard(int number, int count) {

  /** The only shard: all of each batch. */
  public static final Shard WHOLE = new Shard(0, 1);

  /** Checks the numbers. */
  public Shard {
    if (number < 0 || number >= count) {
      throw new IllegalArgumentException("shard " + number + " of " + count);
    }
  }

  /** Returns whether it is all of each batch. */
  public boolean isWhole() {
    return count == 1;
  }

  /** Returns the first of {@code sequences} sequences that is in the shard. */
  public int from(int sequences) {
    return (int) ((long) sequences * number / count);
  }

  /** Returns the first of {@code sequences} sequences after those in the shard. */
  public int to(int sequences) {
    return (int) ((long) sequences * (number + 1) / count);
  }

  /** Returns whether none of {@code sequences} sequences is in the shard. */
  public boolean isEmpty(int sequences) {
    return from(sequences) == to(sequences);
  }

  /** Returns those of some sequences that are in the shard. */
  public int[] of(int[] sequences) {
    return Arrays.copyOfRange(sequences, from(sequences.length), to(sequences.length));
  }
}
