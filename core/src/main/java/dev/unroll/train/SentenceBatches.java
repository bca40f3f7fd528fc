package dev.unroll.train;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.model.Batch;
import dev.unroll.model.IdStream;
import dev.unroll.nn.Embedding;
import dev.unroll.nn.Steps;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sentence by sentence, each from the zero state. Sentences of like length share a batch, so that
 * all its rows are busy to the end: the order is shuffled, sorted by length within a window of 50
 * batches, and the batches are shuffled again. A sentence longer than {@code maxLength} is cut, and
 * its parts are sequences of their own.
 */
public final class SentenceBatches implements Batches {

  private static final int WINDOW = 50;

  private final IdStream ids;
  private final int batch;
  private final Pieces pieces;
  private final boolean shuffled;
  private final long seed;
  private int orderedEpoch = -1;

  /** Pieces in the order of the epoch, and batches of {@code batch} of them in theirs. */
  private int[] order = {};

  private int[] batchOrder = {};

  private SentenceBatches(IdStream ids, int batch, int maxLength, boolean shuffled, long seed) {
    this.ids = ids;
    this.batch = batch;
    this.pieces = Pieces.of(ids, maxLength);
    this.shuffled = shuffled;
    this.seed = seed;
  }

  /** Sentences in an order of its own for each epoch. */
  public static SentenceBatches shuffled(IdStream ids, int batch, int maxLength, long seed) {
    return new SentenceBatches(ids, batch, maxLength, true, seed);
  }

  /** Sentences in the same order always. */
  public static SentenceBatches ordered(IdStream ids, int batch, int maxLength) {
    return new SentenceBatches(ids, batch, maxLength, false, 0);
  }

  @Override
  public int count(int epoch) {
    return (pieces.count() + batch - 1) / batch;
  }

  @Override
  public Batch batch(int epoch, int index) {
    if (epoch != orderedEpoch) {
      putInOrder(epoch);
      orderedEpoch = epoch;
    }
    int from = batchOrder[index] * batch;
    int[] chosen = Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
    var steps = Steps.of(IntStream.of(chosen).map(pieces::length).toArray());
    int[] inputs = new int[steps.rows()];
    int[] targets = new int[steps.rows()];
    for (int s = 0; s < chosen.length; s++) {
      long begin = pieces.begin(chosen[s]);
      for (int t = 0; t < steps.length(s); t++) {
        int row = steps.row(t, s);
        boolean first = t == 0 && pieces.part(chosen[s]) == 0;
        inputs[row] = first ? Embedding.START : ids.id(begin + t - 1);
        targets[row] = ids.id(begin + t);
      }
    }
    return new Batch(steps, inputs, targets, false);
  }

  private void putInOrder(int epoch) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SHUFFLE, epoch);
    order = IntStream.range(0, pieces.count()).toArray();
    batchOrder = IntStream.range(0, count(epoch)).toArray();
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
      keys[i] = (long) pieces.length(order[from + i]) << 32 | i;
    }
    Arrays.sort(keys);
    int[] before = Arrays.copyOfRange(order, from, to);
    for (int i = 0; i < keys.length; i++) {
      order[from + i] = before[(int) keys[i]];
    }
  }

  /**
   * Sentences, and parts of long ones, by number.
   *
   * @param codes of each piece its sentence and part; empty where no sentence is cut
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pieces(IdStream ids, int maxLength, long[] codes) {

    /** Bits of the number of a part. */
    private static final int PART_BITS = 31;

    static Pieces of(IdStream ids, int maxLength) {
      var codes = new long[16];
      int count = 0;
      boolean cut = false;
      for (long s = 0; s < ids.sentences() && !cut; s++) {
        cut = ids.sentenceStart(s + 1) - ids.sentenceStart(s) > maxLength;
      }
      for (long s = 0; cut && s < ids.sentences(); s++) {
        long length = ids.sentenceStart(s + 1) - ids.sentenceStart(s);
        for (long part = 0; part * maxLength < length; part++) {
          codes = count < codes.length ? codes : Arrays.copyOf(codes, 2 * count);
          codes[count++] = s << PART_BITS | part;
        }
      }
      return new Pieces(ids, maxLength, Arrays.copyOf(codes, count));
    }

    int count() {
      return codes.length > 0 ? codes.length : Math.toIntExact(ids.sentences());
    }

    private long sentence(int piece) {
      return codes.length > 0 ? codes[piece] >> PART_BITS : piece;
    }

    long part(int piece) {
      return codes.length > 0 ? codes[piece] & ((1L << PART_BITS) - 1) : 0;
    }

    long begin(int piece) {
      return ids.sentenceStart(sentence(piece)) + part(piece) * maxLength;
    }

    int length(int piece) {
      return (int) Math.min(maxLength, ids.sentenceStart(sentence(piece) + 1) - begin(piece));
    }
  }
}
