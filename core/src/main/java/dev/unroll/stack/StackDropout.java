package dev.unroll.stack;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Dropout;
import dev.unroll.layer.Noise;
import dev.unroll.layer.Steps;
import dev.unroll.network.Dropouts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stack of layers drops at random in training. Place 0 is the input of the first layer,
 * place i + 1 the output of layer i. Each place has random numbers of its own.
 */
public final class StackDropout {

  /** Random numbers of words that are dropped; those of elements have the numbers of places. */
  public static final long WORDS = 1L << 32;

  /** Random numbers of recurrent weights that are dropped, of the first layer. */
  public static final long WEIGHTS = WORDS + 1;

  /** Random numbers of zoneout, of the first layer. */
  public static final long ZONEOUT = 1L << 33;

  private final List<Dropout> places = new ArrayList<>();
  private final Dropout words;
  private final Dropout recurrent;
  private final boolean variational;

  StackDropout(Dropouts rates, int layers) {
    places.add(new Dropout(rates.input()));
    for (int i = 0; i < layers; i++) {
      places.add(new Dropout(i == layers - 1 ? rates.output() : rates.layer()));
    }
    words = new Dropout(rates.words());
    recurrent = new Dropout(rates.recurrent());
    variational = rates.variational();
  }

  /** Returns the dropout of recurrent weights, or null where none are dropped. */
  @Nullable Dropout ofWeights(@Nullable CounterRandom noise) {
    return noise == null || recurrent.rate() == 0 ? null : recurrent;
  }

  /** Returns what is dropped in a batch; nothing where {@code noise} is null. */
  OfBatch ofBatch(Steps steps, int[] tokens, @Nullable Noise noise) {
    return new OfBatch(this, steps, tokens, noise);
  }

  /**
   * What is dropped in a batch. Gradients are dropped like values: they pass where the value did.
   *
   * @param steps its rows
   * @param tokens the token of each row
   * @param noise random numbers, or null when the network is used and not trained
   */
  record OfBatch(StackDropout dropout, Steps steps, int[] tokens, @Nullable Noise noise) {

    /** Returns whether elements are dropped at a place. */
    boolean drops(int place) {
      return noise != null && dropout.places.get(place).rate() > 0;
    }

    /**
     * Writes {@code y = mask ∗ x} where elements are dropped at {@code place}; else does nothing.
     *
     * @param first the row of the batch that is the first row of x, and of y, which may be x
     */
    void apply(int place, Matrix x, Matrix y, int first, Workers workers) {
      Noise own = noise;
      if (own == null || !drops(place)) {
        return;
      }
      long firstMask = (long) own.firstRow() + first;
      Dropout.MaskOfRow mask =
          dropout.variational ? row -> steps.sequence(first + row) : row -> firstMask + row;
      dropout.places.get(place).apply(x, y, own.random().part(place), mask, workers);
    }

    /** Drops in place: {@link #apply} with y = x. */
    void apply(int place, Matrix x, int first, Workers workers) {
      apply(place, x, x, first, workers);
    }

    /** Writes zeros to the vectors, or the gradients, of dropped words. */
    void dropWords(Matrix vectors, int first, Workers workers) {
      if (noise != null && dropout.words.rate() > 0) {
        var random = noise.random().part(WORDS);
        dropout.words.applyToRows(vectors, random, row -> tokens[first + row], workers);
      }
    }

    /** Returns the random numbers of zoneout in a layer, or null for none. */
    @Nullable Noise zoneout(int layer) {
      return noise == null ? null : noise.part(ZONEOUT + layer);
    }
  }
}
