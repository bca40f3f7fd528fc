package dev.unroll.train;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.model.Batch;
import dev.unroll.model.IdStream;
import dev.unroll.nn.Embedding;
import dev.unroll.nn.Steps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sentence by sentence, each from the zero state. Sentences of like length share a batch, so that
 * all its rows are busy to the end: the order is shuffled, sorted by length within a window of 50
 * batches, and the batches are shuffled again. A sentence longer than {@code maxLength} is cut, and
 * its parts are sequences of their own.
 */
public final class SentenceBatches implements Batches {

  private static final int WINDOW = 50;

  /** A sentence, or a part of a long one. */
  private record Piece(long from, int length, boolean begins) {}

  private final IdStream ids;
  private final int batch;
  private final List<Piece> pieces = new ArrayList<>();
  private final boolean shuffled;
  private final long seed;
  private int orderedEpoch = -1;
  private List<List<Piece>> order = List.of();

  private SentenceBatches(IdStream ids, int batch, int maxLength, boolean shuffled, long seed) {
    this.ids = ids;
    this.batch = batch;
    this.shuffled = shuffled;
    this.seed = seed;
    for (long s = 0; s < ids.sentences(); s++) {
      long end = ids.sentenceStart(s + 1);
      long start = ids.sentenceStart(s);
      for (long from = start; from < end; from += maxLength) {
        pieces.add(new Piece(from, (int) Math.min(maxLength, end - from), from == start));
      }
    }
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
  public int count() {
    return (pieces.size() + batch - 1) / batch;
  }

  @Override
  public Batch batch(int epoch, int index) {
    if (epoch != orderedEpoch) {
      order = orderOf(epoch);
      orderedEpoch = epoch;
    }
    List<Piece> chosen = order.get(index);
    var steps = Steps.of(chosen.stream().mapToInt(Piece::length).toArray());
    int[] inputs = new int[steps.rows()];
    int[] targets = new int[steps.rows()];
    for (int s = 0; s < chosen.size(); s++) {
      for (int t = 0; t < chosen.get(s).length(); t++) {
        long position = chosen.get(s).from() + t;
        int row = steps.row(t, s);
        boolean first = t == 0 && chosen.get(s).begins();
        inputs[row] = first ? Embedding.START : ids.id(position - 1);
        targets[row] = ids.id(position);
      }
    }
    return new Batch(steps, inputs, targets, false);
  }

  private List<List<Piece>> orderOf(int epoch) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SHUFFLE, epoch);
    var all = new ArrayList<>(pieces);
    int window = all.size();
    if (shuffled) {
      random.part(0).shuffle(all);
      window = WINDOW * batch;
    }
    for (int from = 0; from < all.size(); from += window) {
      all.subList(from, Math.min(all.size(), from + window))
          .sort(Comparator.comparingInt(Piece::length));
    }
    var batches = new ArrayList<List<Piece>>();
    for (int from = 0; from < all.size(); from += batch) {
      batches.add(all.subList(from, Math.min(all.size(), from + batch)));
    }
    if (shuffled) {
      random.part(1).shuffle(batches);
    }
    return batches;
  }
}
