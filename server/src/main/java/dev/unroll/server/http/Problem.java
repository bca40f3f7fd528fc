package dev.unroll.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error response in the form of RFC 9457. */
public final class Problem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(408, "Request Timeout"),
          Map.entry(410, "Gone"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(505, "HTTP Version Not Supported"));

  private final int status;
  private final String field;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  private Problem(int status, String field, String detail) {
    super(detail, null, false, false); // an answer, of which nobody reads the stack
    this.status = status;
    this.field = field;
  }

  /**
   * Creates a problem.
   *
   * @param status of HTTP
   * @param detail what is wrong, and what to change
   */
  public static Problem of(int status, String detail) {
    return new Problem(status, "", detail);
  }

  /** Creates a problem of a field, such as {@code text[3]}. */
  public static Problem ofField(int status, String field, String detail) {
    return new Problem(status, field, detail);
  }

  /** Returns the problem of something that is not there. */
  public static Problem notFound(String detail) {
    return of(404, detail);
  }

  /** Returns the problem of values that are well-formed but unusable (422). */
  public static Problem unusable(String detail) {
    return of(422, detail);
  }

  /** Returns the problem of an overloaded server, with the time after which to retry. */
  public static Problem busy(int status, String detail, Duration after) {
    long seconds = Math.max(1, Math.ceilDiv(after.toMillis(), 1000)); // earlier it would fail again
    return of(status, detail).header("Retry-After", Long.toString(seconds));
  }

  /** Returns the same problem with another status. */
  Problem as(int other) {
    var problem = new Problem(other, field, String.valueOf(getMessage()));
    problem.headers.putAll(headers);
    return problem;
  }

  Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Returns the status of HTTP. */
  public int status() {
    return status;
  }

  /** Returns the field that is wrong; empty for none. */
  String field() {
    return field;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** Returns the status in words. */
  static String title(int status) {
    return TITLES.getOrDefault(status, "Error");
  }

  /**
   * Returns what the body says.
   *
   * @param id of the request, or null where it was not yet given one
   */
  Map<String, Object> fields(@Nullable String id) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("type", "about:blank");
    fields.put("title", title(status));
    fields.put("status", status);
    fields.put("detail", getMessage());
    if (!field.isEmpty()) {
      fields.put("field", field);
    }
    if (id != null) {
      fields.put("requestId", id);
    }
    return fields;
  }
}
