package dev.unroll.train;

import dev.unroll.base.InputException;

/**
 * Receives what happens in a training run: a progress bar, a metrics file, a log.
 *
 * {@snippet file="example/SnippetsTest.java" region="listener"}
 */
public interface TrainingListener {

  /** A listener that does nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * One step of training.
   *
   * @param step its number, from 1
   * @param steps number of all steps of the run
   * @param epoch number of the epoch, from 1
   * @param tokens number of targets in the batch
   * @param loss mean cross-entropy per token, in nats
   * @param gradientNorm norm of the gradient, after clipping by value and before that by norm
   * @param rate learning rate
   */
  record StepReport(
      long step,
      long steps,
      int epoch,
      int tokens,
      double loss,
      double gradientNorm,
      double rate) {}

  /**
   * A validation.
   *
   * @param step number of steps made so far
   * @param epoch number of the epoch, from 1
   * @param trainingLoss mean loss of the steps applied since the last validation, in nats per
   *     token; NaN if none was
   * @param validation what the network does on the validation part
   * @param improved whether it is the best so far
   */
  record ValidationReport(
      long step, int epoch, double trainingLoss, Validation validation, boolean improved) {

    /** Returns the mean loss on the validation part. */
    public double loss() {
      return validation.loss();
    }

    /** Returns e to the loss: the perplexity per token of a language model. */
    public double perplexity() {
      return StrictMath.exp(validation.loss());
    }
  }

  /** A step was made and its gradient applied. */
  default void onStep(StepReport report) {}

  /** A step's loss or gradient was not finite: nothing was applied. */
  default void onSkipped(StepReport report) {}

  /** The validation part was measured. */
  default void onValidation(ValidationReport report) {}

  /** The latest checkpoint is damaged or of another run: the one before it is taken. */
  default void onPassedOver(InputException problem) {}

  /** The run resumed from a checkpoint, kept after {@code step} steps. */
  default void onResumed(long step) {}

  /** The run is about to be kept after {@code step} steps. */
  default void beforeCheckpoint(long step) {}

  /** The run was kept after {@code step} steps. */
  default void onCheckpoint(long step) {}

  /**
   * A checkpoint or the best model could not be written; training continues and tries again later.
   */
  default void onWriteFailed(InputException problem) {}

  /** Parameters are averaged from here on. */
  default void onAveraging(long step) {}

  /** The model is the best so far; {@code parameters} may be read only during the call. */
  default void onImproved(float[] parameters, ValidationReport report) {}

  /**
   * Returns whether training is to stop, which is asked after each step: it writes a checkpoint, if
   * the run has any, and ends with the best model so far. A listener that throws an exception ends
   * it in the same way.
   */
  default boolean stops() {
    return false;
  }
}
