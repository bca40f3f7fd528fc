package dev.unroll.server.http;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request while it is answered. For one thread. */
public final class Call {

  private final String id;
  private final Map<String, String> parameters;
  private final long deadline;
  private final Supplier<Events> events;
  private String model = "";
  private @Nullable Events stream;

  Call(String id, Map<String, String> parameters, long deadline, Supplier<Events> events) {
    this.id = id;
    this.parameters = parameters;
    this.deadline = deadline;
    this.events = events;
  }

  /** Returns the id that the log and the answer name. */
  public String id() {
    return id;
  }

  /** Returns what stands in the path under a name. */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name);
    }
    return value;
  }

  /** Returns the deadline of the answer, on the clock of {@link System#nanoTime}. */
  public long deadline() {
    return deadline;
  }

  /** Records which model answers, for metrics and the log. */
  public void uses(String name) {
    model = name;
  }

  String model() {
    return model;
  }

  /** Starts an answer of server-sent events. */
  public Events events() {
    stream = events.get();
    return stream;
  }

  @Nullable Events stream() {
    return stream;
  }
}
