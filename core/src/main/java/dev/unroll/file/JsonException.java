package dev.unroll.file;

/** JSON text that breaks the rules, or lacks what was asked of it. */
public final class JsonException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message says what is wrong, and where. */
  public JsonException(String message) {
    super(message);
  }
}
