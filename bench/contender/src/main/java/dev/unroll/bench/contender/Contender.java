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
     */
    double[] numbers();

    /** Runs the case once. */
    void run();

    @Override
    default void close() {}
  }
}
