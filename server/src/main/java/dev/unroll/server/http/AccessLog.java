package dev.unroll.server.http;

import dev.unroll.base.InputException;
import dev.unroll.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The access log: a line of JSON per request, without bodies unless they were asked for. */
public final class AccessLog {

  private static final int LONGEST = 2000;

  private final Consumer<String> out;
  private final InstantSource clock;
  private final boolean texts;

  /**
   * Creates a log.
   *
   * @param out takes the lines
   * @param texts whether bodies are logged, up to 2,000 characters of each
   */
  public AccessLog(Consumer<String> out, InstantSource clock, boolean texts) {
    this.out = out;
    this.clock = clock;
    this.texts = texts;
  }

  /**
   * What is known of a request when it has ended.
   *
   * @param id of the request
   * @param client the address that it came from
   * @param method of HTTP
   * @param path of the endpoint, or what was asked for
   * @param model that answered, or an empty text
   * @param status of HTTP; 499 where the client went away
   * @param nanos how long it took
   * @param bytes of the answer
   * @param body of the request
   */
  record Entry(
      String id,
      String client,
      String method,
      String path,
      String model,
      int status,
      long nanos,
      long bytes,
      byte @Nullable [] body) {}

  void add(Entry entry) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", Instant.ofEpochMilli(clock.millis()).toString());
    line.put("id", entry.id);
    line.put("client", entry.client);
    line.put("method", entry.method);
    line.put("path", InputException.quoted(entry.path, 200));
    if (!entry.model.isEmpty()) {
      line.put("model", entry.model);
    }
    line.put("status", entry.status);
    line.put("ms", Math.round(entry.nanos / 1e3) / 1e3);
    line.put("bytes", entry.bytes);
    if (texts && entry.body != null) {
      String body = new String(entry.body, StandardCharsets.UTF_8);
      line.put("body", InputException.quoted(body, LONGEST));
    }
    out.accept(new String(Json.bytes(line), StandardCharsets.UTF_8));
  }
}
