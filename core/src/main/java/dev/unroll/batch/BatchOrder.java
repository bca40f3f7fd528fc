package dev.unroll.batch;

import dev.unroll.kernel.CounterRandom;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which sequences form a batch, of sequences of unequal lengths. Those of similar length share one,
 * so that all its rows are busy to the end: the order is shuffled, sorted by length within a window
 * of 50 batches, and the batches are shuffled again; or all are sorted, and that order is always
 * the same.
 */
public final class BatchOrder {

  private static final int WINDOW = 50;

  private final int count;
  private final IntUnaryOperator length;
  private final int batch;
  private final boolean shuffled;
  private final long seed;
  private int orderedEpoch = -1;

  /** Sequences in the order of the epoch, and batches of {@code batch} of them in theirs. */
  private int[] order = {};

  private int[] batchOrder = {};

  private BatchOrder(int count, IntUnaryOperator length, int batch, boolean shuffled, long seed) {
    this.count = count;
    this.length = length;
    this.batch = batch;
    this.shuffled = shuffled;
    this.seed = seed;
  }

  /** An order of its own for each epoch. */
  public static BatchOrder shuffled(int count, IntUnaryOperator length, int batch, long seed) {
    return new BatchOrder(count, length, batch, true, seed);
  }

  /** Always the same order. */
  public static BatchOrder sorted(int count, IntUnaryOperator length, int batch) {
    return new BatchOrder(count, length, batch, false, 0);
  }

  /** Returns the number of batches of an epoch. */
  public int batches() {
    return (count + batch - 1) / batch;
  }

  /** Returns the sequences of a batch. */
  public int[] batch(int epoch, int index) {
    if (epoch != orderedEpoch) {
      putInOrder(epoch);
      orderedEpoch = epoch;
    }
    int from = batchOrder[index] * batch;
    return Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
  }

  private void putInOrder(int epoch) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SHUFFLE, epoch);
    order = IntStream.range(0, count).toArray();
    batchOrder = IntStream.range(0, batches()).toArray();
    if (shuffled) {
      random.part(0).shuffle(order);
      random.part(1).shuffle(batchOrder);
    }
    int window = shuffled ? WINDOW * batch : Math.max(1, order.length);
    for (int from = 0; from < order.length; from += window) {
      sortByLength(from, Math.min(order.length, from + window));
    }
  }

  /** Those of equal length stay as they are. */
  private void sortByLength(int from, int to) {
    long[] keys = new long[to - from];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) length.applyAsInt(order[from + i]) << 32 | i;
    }
    Arrays.sort(keys);
    int[] before = Arrays.copyOfRange(order, from, to);
    for (int i = 0; i < keys.length; i++) {
      order[from + i] = before[(int) keys[i]];
    }
  }
}
