package dev.unroll.batch;

import dev.unroll.data.IdStream;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sentence by sentence, each from the zero state, those of similar length in one batch ({@link
 * BatchOrder}). A sentence longer than {@code maxLength} is cut, and its parts are sequences of
 * their own.
 */
public final class SentenceBatches implements Batches {

  private final IdStream ids;
  private final Pieces pieces;
  private final BatchOrder order;

  private SentenceBatches(IdStream ids, Pieces pieces, BatchOrder order) {
    this.ids = ids;
    this.pieces = pieces;
    this.order = order;
  }

  /** Sentences in an order of its own for each epoch. */
  public static SentenceBatches shuffled(IdStream ids, int batch, int maxLength, long seed) {
    var pieces = Pieces.of(ids, maxLength);
    var order = BatchOrder.shuffled(pieces.count(), pieces::length, batch, seed);
    return new SentenceBatches(ids, pieces, order);
  }

  /** Sentences always in the same order. */
  static SentenceBatches ordered(IdStream ids, int batch, int maxLength) {
    var pieces = Pieces.of(ids, maxLength);
    var order = BatchOrder.sorted(pieces.count(), pieces::length, batch);
    return new SentenceBatches(ids, pieces, order);
  }

  @Override
  public int count(int epoch) {
    return order.batches();
  }

  @Override
  public Batch batch(int epoch, int index) {
    int[] chosen = order.batch(epoch, index);
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
    return new Batch(steps, inputs, targets, conditions(chosen));
  }

  /** The vectors that the sentences are conditioned on, one after the other. */
  private float[] conditions(int[] chosen) {
    var condition = ids.condition();
    if (condition == null) {
      return new float[0];
    }
    int width = condition.inputs();
    float[] conditions = new float[Math.multiplyExact(chosen.length, width)];
    for (int s = 0; s < chosen.length; s++) {
      System.arraycopy(
          ids.conditionOf(pieces.sentence(chosen[s])), 0, conditions, s * width, width);
    }
    return conditions;
  }

  /**
   * Sentences, and parts of long ones, by number.
   *
   * @param codes of each piece its sentence and part; empty where no sentence is cut
   */
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

    long sentence(int piece) {
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
