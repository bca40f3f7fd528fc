package dev.unroll.train;

import dev.unroll.model.InputException;
import dev.unroll.model.Reading;

/**
 * The options of a training run. Start from {@link #defaults} and change what differs.
 *
 * @param optimizer how gradients change parameters
 * @param schedule how the learning rate changes
 * @param warmupSteps steps in which the rate rises linearly from 0; 0 for none
 * @param epochs how often the corpus is read
 * @param batch sequences that are read side by side
 * @param steps steps that gradients flow back through in a stream (truncated backpropagation); of
 *     sentences, the length beyond which a sentence is cut
 * @param clipNorm norm to which a larger gradient is scaled down; 0 for none
 * @param clipValue bound of each element of the gradient; 0 for none
 * @param reading as one stream, or sentence by sentence
 * @param validateEvery steps between validations; 0 for once an epoch
 * @param patience validations without improvement after which training stops; 0 for never
 * @param seed determines the first parameters, dropout and the order of sentences
 * @param threads threads to use; they change no bit of the result
 * @param checkpointSteps steps whose activations are held at a time, those of the others being
 *     computed again on the way back (Chen et al. 2016); 0 for all. Gradients are summed in another
 *     order then, so the bits of the result depend on it
 */
public record Training(
    Optimizer optimizer,
    Schedule schedule,
    int warmupSteps,
    int epochs,
    int batch,
    int steps,
    double clipNorm,
    double clipValue,
    Reading reading,
    int validateEvery,
    int patience,
    long seed,
    int threads,
    int checkpointSteps) {

  /** Checks every number. */
  public Training {
    check("warm-up steps", warmupSteps, 0, Integer.MAX_VALUE);
    check("epochs", epochs, 1, 1_000_000);
    check("batch", batch, 1, 65_536);
    check("steps", steps, 1, 1_000_000);
    check("validate-every", validateEvery, 0, Integer.MAX_VALUE);
    check("patience", patience, 0, Integer.MAX_VALUE);
    check("threads", threads, 1, 1024);
    check("checkpoint-steps", checkpointSteps, 0, 1_000_000);
    if (!(clipNorm >= 0) || !(clipValue >= 0)) {
      throw new InputException(
          "clipping at norm " + clipNorm + " and value " + clipValue,
          "Give a bound above 0, or 0 for none.");
    }
  }

  /**
   * Defaults that suit a small corpus: Adam at 0.002 falling along a cosine, 10 epochs, 32
   * sequences of 64 steps, clipping at norm 1, reading as one stream, stopping after 5 validations
   * without improvement, seed 1, a thread for each processor.
   */
  public static Training defaults() {
    return new Training(
        new Optimizer.Adam(0.002),
        new Schedule.Cosine(0.05),
        0,
        10,
        32,
        64,
        1,
        0,
        Reading.STREAM,
        0,
        5,
        1,
        Math.min(1024, Runtime.getRuntime().availableProcessors()),
        0);
  }

  /** The same options with another optimizer. */
  public Training withOptimizer(Optimizer value) {
    return new Training(
        value,
        schedule,
        warmupSteps,
        epochs,
        batch,
        steps,
        clipNorm,
        clipValue,
        reading,
        validateEvery,
        patience,
        seed,
        threads,
        checkpointSteps);
  }

  /** The same options with another schedule, after {@code warmup} steps in which the rate rises. */
  public Training withSchedule(Schedule value, int warmup) {
    return new Training(
        optimizer,
        value,
        warmup,
        epochs,
        batch,
        steps,
        clipNorm,
        clipValue,
        reading,
        validateEvery,
        patience,
        seed,
        threads,
        checkpointSteps);
  }

  /** The same options with another number of epochs. */
  public Training withEpochs(int value) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        value,
        batch,
        steps,
        clipNorm,
        clipValue,
        reading,
        validateEvery,
        patience,
        seed,
        threads,
        checkpointSteps);
  }

  /** The same options with batches of another shape. */
  public Training withBatch(int sequences, int length) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        epochs,
        sequences,
        length,
        clipNorm,
        clipValue,
        reading,
        validateEvery,
        patience,
        seed,
        threads,
        checkpointSteps);
  }

  /** The same options with other bounds of the gradient; 0 for none. */
  public Training withClipping(double norm, double value) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        epochs,
        batch,
        steps,
        norm,
        value,
        reading,
        validateEvery,
        patience,
        seed,
        threads,
        checkpointSteps);
  }

  /** The same options with another way of reading. */
  public Training withReading(Reading value) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        epochs,
        batch,
        steps,
        clipNorm,
        clipValue,
        value,
        validateEvery,
        patience,
        seed,
        threads,
        checkpointSteps);
  }

  /** The same options with validations every {@code every} steps and another patience. */
  public Training withValidation(int every, int validations) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        epochs,
        batch,
        steps,
        clipNorm,
        clipValue,
        reading,
        every,
        validations,
        seed,
        threads,
        checkpointSteps);
  }

  /** The same options with another seed. */
  public Training withSeed(long value) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        epochs,
        batch,
        steps,
        clipNorm,
        clipValue,
        reading,
        validateEvery,
        patience,
        value,
        threads,
        checkpointSteps);
  }

  /** The same options with another number of threads. */
  public Training withThreads(int value) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        epochs,
        batch,
        steps,
        clipNorm,
        clipValue,
        reading,
        validateEvery,
        patience,
        seed,
        value,
        checkpointSteps);
  }

  /** The same options with the activations of {@code value} steps held at a time; 0 for all. */
  public Training withCheckpointSteps(int value) {
    return new Training(
        optimizer,
        schedule,
        warmupSteps,
        epochs,
        batch,
        steps,
        clipNorm,
        clipValue,
        reading,
        validateEvery,
        patience,
        seed,
        threads,
        value);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InputException(
          name + " is " + value, "It must be in %,d … %,d.".formatted(least, most));
    }
  }
}
