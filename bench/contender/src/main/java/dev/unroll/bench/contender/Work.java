package dev.unroll.bench.contender;

/** The operation that is timed. */
public enum Work {
  /**
   * Forward and backward, with the gradients of inputs and weights. With a vocabulary: a whole step
   * of a language model, with embedding, loss, the gradient's norm and the update (plain SGD).
   */
  TRAIN,
  /** All steps forward; with a vocabulary, up to the loss. */
  FORWARD,
  /**
   * One step of one sequence, with the state carried over. With a vocabulary: a token is read, all
   * logits are computed and the next token is drawn.
   */
  STREAM
}
