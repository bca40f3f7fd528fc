package dev.unroll.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/**
 * Reads sequences of like length side by side, so that all rows of a batch are busy to its end, and
 * puts what is answered back in the order of the sequences.
 *
 * @param together most sequences side by side
 * @param mostSteps most steps of them together, unless one sequence has more
 */
public record LengthBatches(int together, long mostSteps) {

  /** Batches that are bounded by the number of their sequences only. */
  public LengthBatches(int together) {
    this(together, Long.MAX_VALUE);
  }

  /**
   * Passes the numbers of the sequences of each batch to {@code reader}, the shortest first.
   *
   * @param count number of sequences
   * @param length length of a sequence
   */
  public void forEach(int count, IntUnaryOperator length, Consumer<int[]> reader) {
    var order = BatchOrder.sorted(count, length, together);
    for (int i = 0; i < order.batches(); i++) {
      int[] batch = order.batch(0, i);
      int from = 0;
      for (int to = 1; to <= batch.length; to++) { // lengths ascend
        boolean full =
            to < batch.length && (to + 1L - from) * length.applyAsInt(batch[to]) > mostSteps;
        if (full || to == batch.length) {
          reader.accept(Arrays.copyOfRange(batch, from, to));
          from = to;
        }
      }
    }
  }

  /**
   * Returns the answer to each sequence, in the order of the sequences.
   *
   * @param count number of sequences
   * @param length length of a sequence
   * @param reader answers the sequences with the numbers given, in their order
   */
  public <A> List<A> map(int count, IntUnaryOperator length, Function<int[], List<A>> reader) {
    var answers = new ArrayList<A>();
    int[] places = new int[count];
    forEach(
        count,
        length,
        batch -> {
          for (int i = 0; i < batch.length; i++) {
            places[batch[i]] = answers.size() + i;
          }
          answers.addAll(reader.apply(batch));
        });
    return Arrays.stream(places).mapToObj(answers::get).toList();
  }
}
