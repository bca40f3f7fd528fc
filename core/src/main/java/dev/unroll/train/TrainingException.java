package dev.unroll.train;

import org.jspecify.annotations.Nullable;

/** Training failed although its input was valid; the message says what to try. */
public class TrainingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient float @Nullable [] best;

  public TrainingException(String problem, String advice, float @Nullable [] best) {
    this(problem + "\n  " + advice, best);
  }

  public TrainingException(String message, float @Nullable [] best) {
    super(message);
    this.best = best;
  }

  /** Returns the best parameters before the failure, or null if no validation had succeeded. */
  public float @Nullable [] best() {
    return best;
  }
}
