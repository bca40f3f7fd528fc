package dev.unroll.bench.contender;

/** An engine that can be measured. */
public interface Contender {

  /** Returns name and version, such as {@code PyTorch 2.7.1}. */
  String name();

  /**
   * Prepares a case with the values from {@link Numbers}.
   *
   * @throws UnsupportedOperationException if the engine does not support it; the message says why
   */
  Prepared prepare(Case work);

  /**
   * Prepares the network of a task on {@link Sentences}, with parameters from {@link
   * Numbers#parameter}.
   *
   * @throws UnsupportedOperationException if the engine does not support it; the message says why
   */
  default Prepared prepare(TaskCase work) {
    throw new UnsupportedOperationException("tasks are not compared with " + name());
  }

  /** A case that is ready to run: all one-time work has been done. */
  interface Prepared extends AutoCloseable {

    /**
     * Computes the numbers that contenders must agree on before anything is timed.
     *
     * <pre>{@code
     * TRAIN    Σ y·w (w: the output gradient), ‖y‖, ‖dx‖, ‖dWx‖, ‖dWa‖, ‖db‖ of the first layer
     *          with a vocabulary: the mean losses (nats) of three steps, each after the update
     *          of the one before (plain SGD, rate 1, no clipping)
     * FORWARD  Σ y·w, ‖y‖;  with a vocabulary: the mean loss
     * STREAM   Σ a·w, ‖a‖ after three steps from zero, which read the first three rows of x
     *          with a vocabulary: Σ logits·w, ‖logits‖ after the first three tokens
     * }</pre>
     *
     * Of a task, over all sentences:
     *
     * <pre>{@code
     * TRAIN    the mean loss, that after an update by its gradient, then of each parameter, in the
     *          order of their names, the norm of the gradient of a batch, added up over all batches
     * FORWARD  Σ answers·w, ‖answers‖: probabilities, tags, or the logits of the last words of the
     *          longest sentences of each batch
     * }</pre>
     */
    double[] numbers();

    /** Runs the case once. */
    void run();

    @Override
    default void close() {}
  }
}
