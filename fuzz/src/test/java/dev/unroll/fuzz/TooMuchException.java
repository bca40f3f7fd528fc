package dev.unroll.fuzz;

/** More time or memory than a file may cost. */
final class TooMuchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the place where a thread was found. */
  TooMuchException(String message, StackTraceElement... place) {
    super(message);
    if (place.length > 0) {
      setStackTrace(place);
    }
  }
}
