package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.train.Learner;

/** Computes the gradients of steps: in one piece, in shards, or on other machines. */
@FunctionalInterface
public interface StepGradient {

  /**
   * Computes the loss of a step and adds the gradient of its mean to {@code gradients}, which are
   * zeros before.
   */
  Learner.Loss lossAndGradient(
      float[] parameters, Learner.Step step, float[] gradients, Workers workers);
}
