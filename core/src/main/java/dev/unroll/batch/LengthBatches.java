package dev.unroll.batch;

import dev.unroll.base.Cancellation;
import dev.unroll.base.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Reads sequences of like length side by side, so that all rows of a batch are busy to its end, and
 * puts what is answered back in the order of the sequences.
 *
 * <p>Where there are many batches, each thread of a team reads some of them by itself: it waits for
 * the others once, instead of several times in each step. Few batches are read by the whole team,
 * one after another. A sequence has the same result, bit for bit, either way.
 *
 * @param together most sequences side by side
 * @param mostSteps most steps of them together, unless one sequence has more
 */
public record LengthBatches(int together, long mostSteps) {

  /** Batches for each thread, from which on a batch is read by one thread. */
  private static final int MANY = 4;

  /** Batches that are bounded by the number of their sequences only. */
  public LengthBatches(int together) {
    this(together, Long.MAX_VALUE);
  }

  /**
   * Sequences that are read side by side.
   *
   * @param number of the batch, from 0, the shortest sequences first
   * @param sequences their numbers, the shortest first
   * @param rows steps of all of them
   */
  public record Chosen(int number, int[] sequences, long rows) {}

  /**
   * Reads a batch.
   *
   * @param <B> buffers
   * @param <A> the answer
   */
  @FunctionalInterface
  public interface Reader<B, A> {
    /** Returns the answers to the sequences of a batch, in their order. */
    List<A> read(Chosen batch, B buffers, Workers workers);
  }

  /**
   * Has buffers.
   *
   * @param <B> buffers
   */
  @FunctionalInterface
  public interface Lender<B> {
    /**
     * Passes to {@code use} buffers that nobody else uses meanwhile.
     *
     * @param rows the most rows that they will hold at a time
     */
    void lend(long rows, Consumer<B> use);
  }

  /**
   * Who reads.
   *
   * @param workers of which the threads, or all together, read a batch
   * @param buffers of each thread that reads
   * @param <B> buffers
   */
  public record Team<B>(Workers workers, Lender<B> buffers) {

    private void read(List<Chosen> batches, Reader<B, ?> reader) {
      int threads = workers.threads();
      long rows = batches.stream().mapToLong(Chosen::rows).max().orElse(0);
      if (threads == 1 || batches.size() < MANY * threads) {
        buffers.lend(rows, own -> batches.forEach(batch -> reader.read(batch, own, workers)));
      } else {
        workers.run(
            threads,
            1,
            Cancellation.carried(
                (from, to) -> {
                  for (int thread = from; thread < to; thread++) {
                    readSome(batches, rows, thread, reader);
                  }
                }));
      }
    }

    /** Reads every batch of which a thread has the turn: all threads get long ones and short. */
    private void readSome(List<Chosen> batches, long rows, int thread, Reader<B, ?> reader) {
      buffers.lend(
          rows,
          own -> {
            for (int i = thread; i < batches.size(); i += workers.threads()) {
              reader.read(batches.get(i), own, Workers.single());
            }
          });
    }
  }

  /**
   * Has each batch read once.
   *
   * @param count number of sequences
   * @param length length of a sequence
   */
  public <B> void forEach(int count, IntUnaryOperator length, Team<B> team, Reader<B, ?> reader) {
    team.read(cut(count, length), reader);
  }

  /**
   * Returns the answer to each sequence, in the order of the sequences.
   *
   * @param count number of sequences
   * @param length length of a sequence
   */
  public <A, B> List<A> map(int count, IntUnaryOperator length, Team<B> team, Reader<B, A> reader) {
    List<Chosen> batches = cut(count, length);
    var answers = new ArrayList<List<A>>(Collections.nCopies(batches.size(), List.of()));
    Reader<B, List<A>> keeper =
        (batch, buffers, workers) ->
            List.of(answers.set(batch.number, reader.read(batch, buffers, workers)));
    team.read(batches, keeper);
    int[] batchOf = new int[count];
    int[] placeOf = new int[count];
    for (Chosen batch : batches) {
      for (int i = 0; i < batch.sequences.length; i++) {
        batchOf[batch.sequences[i]] = batch.number;
        placeOf[batch.sequences[i]] = i;
      }
    }
    return IntStream.range(0, count)
        .mapToObj(s -> answers.get(batchOf[s]).get(placeOf[s]))
        .toList();
  }

  private List<Chosen> cut(int count, IntUnaryOperator length) {
    if (count == 1) { // a call for one text has nothing to sort
      return List.of(new Chosen(0, new int[] {0}, length.applyAsInt(0)));
    }
    var batches = new ArrayList<Chosen>();
    var order = BatchOrder.sorted(count, length, together);
    for (int i = 0; i < order.batches(); i++) {
      int[] batch = order.batch(0, i);
      int from = 0;
      for (int to = 1; to <= batch.length; to++) { // lengths ascend
        boolean full =
            to < batch.length && (to + 1L - from) * length.applyAsInt(batch[to]) > mostSteps;
        if (full || to == batch.length) {
          int[] chosen = Arrays.copyOfRange(batch, from, to);
          long rows = IntStream.of(chosen).mapToLong(length::applyAsInt).sum();
          batches.add(new Chosen(batches.size(), chosen, rows));
          from = to;
        }
      }
    }
    return batches;
  }
}
