package dev.unroll.server.json;

/** A text that is not JSON, or JSON that is not what was asked for. */
public final class InvalidJson extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Kind {
    /** It is not JSON, or more than is read. */
    SYNTAX,
    /** It is JSON, with other fields or values than those that were asked for. */
    VALUE
  }

  private final Kind kind;
  private final String field;
  private final String detail;

  InvalidJson(Kind kind, String field, String message) {
    super(message);
    this.kind = kind;
    this.field = field;
    detail = message;
  }

  /** Creates what says that a value cannot be used. */
  public static InvalidJson value(String field, String message) {
    return new InvalidJson(Kind.VALUE, field, field.isEmpty() ? message : field + " " + message);
  }

  /** Returns what is wrong. */
  public Kind kind() {
    return kind;
  }

  /** Returns what is wrong, in words. */
  public String detail() {
    return detail;
  }

  /** Returns the path of the field, such as {@code text[3]}; empty for the whole. */
  public String field() {
    return field;
  }
}
