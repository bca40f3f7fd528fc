package dev.unroll.data;

import dev.unroll.train.Training;

/**
 * A corpus cut into batches. Any batch of any epoch can be asked for, so a position is two numbers.
 */
public sealed interface Batches permits StreamBatches, SentenceBatches {

  /** Sentences longer than that are cut when they are validated; {@code eval} never cuts. */
  int LONGEST_VALIDATED = 1000;

  /** Returns the number of batches of an epoch. */
  int count(int epoch);

  /** Returns a batch, for 0 ≤ {@code index} &lt; {@link #count}. */
  Batch batch(int epoch, int index);

  /** Cuts a corpus for training. */
  static Batches forTraining(IdStream ids, Training options) {
    return options.reading() == Reading.STREAM
        ? new StreamBatches(
            ids,
            options.batch(),
            Windows.of(options),
            new Resets(options.resetRate(), options.seed()))
        : SentenceBatches.shuffled(ids, options.batch(), options.steps(), options.seed());
  }

  /** Cuts a corpus for measuring: all of it, in an order that is always the same. */
  static Batches forValidation(IdStream ids, Training options) {
    return options.reading() == Reading.STREAM
        ? new StreamBatches(ids, Math.min(16, options.batch()), 128)
        : SentenceBatches.ordered(ids, options.batch(), LONGEST_VALIDATED);
  }
}
