package dev.unroll.learn;

import dev.unroll.base.Workers;

/** Computes the gradients of steps: in one piece, or in shards. */
@FunctionalInterface
interface StepGradient {

  /**
   * Computes the loss of a step and adds the gradient of its mean to {@code gradients}, which are
   * zeros before.
   */
  Learner.Loss lossAndGradient(
      float[] parameters, Learner.Step step, float[] gradients, Workers workers);

  /** Receives whether the gradient was finite and was applied. */
  default void settle(boolean applied) {}

  /** Returns whether all gradients so far were applied in full, so that the run can be kept. */
  default boolean isWhole() {
    return true;
  }
}
