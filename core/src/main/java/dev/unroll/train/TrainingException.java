package dev.unroll.train;

/** Training that failed, though its input was right; the message says what to try. */
public final class TrainingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TrainingException(String problem, String advice) {
    super(problem + "\n  " + advice);
  }
}
