package dev.unroll.batch;

import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;

/**
 * How a corpus is cut into batches.
 *
 * @param reading as one stream, or sentence by sentence
 * @param batch number of sequences in a batch
 * @param steps length of a window of the stream; beyond it, a sentence is cut
 * @param randomSteps whether the lengths of windows are drawn around {@code steps}
 * @param resetRate share of the windows of each lane of a stream that start from the first state
 * @param seed decides the order of sentences, the lengths drawn, and the resets
 */
public record BatchPlan(
    Reading reading, int batch, int steps, boolean randomSteps, double resetRate, long seed) {

  /** Sentences longer than this are cut for validation; {@code eval} never cuts them. */
  public static final int LONGEST_VALIDATED = 1000;

  /** A stream is validated in this many lanes at most. */
  private static final int VALIDATION_LANES = 16;

  /** Length of the windows in which a stream is validated. */
  private static final int VALIDATION_STEPS = 128;

  /** Cuts a corpus for training. */
  public Batches training(IdStream ids) {
    if (reading == Reading.SENTENCES) {
      return SentenceBatches.shuffled(ids, batch, steps, seed);
    }
    Windows windows = randomSteps ? Windows.random(steps, seed) : Windows.equal(steps);
    return new StreamBatches(ids, batch, windows, new Resets(resetRate, seed));
  }

  /** Cuts a corpus for measuring: all of it, always in the same order. */
  public Batches validation(IdStream ids) {
    return reading == Reading.SENTENCES
        ? SentenceBatches.ordered(ids, batch, LONGEST_VALIDATED)
        : new StreamBatches(ids, Math.min(VALIDATION_LANES, batch), VALIDATION_STEPS);
  }
}
