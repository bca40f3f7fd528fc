package dev.unroll.server.http;

import dev.unroll.server.json.Json;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes every request from the library and gives it the answer. */
final class Exchange implements Handler {

  private static final HeaderName ID = HeaderNames.create("X-Request-Id");
  private static final Pattern GOOD_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** What nginx calls a client that went away before its answer. */
  private static final int CLIENT_GONE = 499;

  private static final int TOO_SLOW = 408;

  private static final byte[] NOTHING = {};

  private final Dispatcher dispatcher;
  private final HttpLimits limits;
  private final Watchdog watchdog;
  private final Gate gate;
  private final Metrics metrics;
  private final AccessLog log;

  Exchange(
      Dispatcher dispatcher, HttpLimits limits, Watchdog watchdog, Gate gate, Records records) {
    this.dispatcher = dispatcher;
    this.limits = limits;
    this.watchdog = watchdog;
    this.gate = gate;
    metrics = records.metrics;
    log = records.log;
  }

  /** Where requests are counted and noted. */
  record Records(Metrics metrics, AccessLog log) {}

  /** What becomes known of a request on its way. */
  private static final class Progress {
    private String path;
    private String model = "";
    private int status = CLIENT_GONE;
    private long bytes;
    private byte @Nullable [] body;
    private @Nullable Endpoint<?, ?> endpoint;

    Progress(String path) {
      this.path = path;
    }
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    String id = id(request.headers().first(ID).orElse(null));
    var progress = new Progress(request.path().rawPath());
    metrics.begin();
    response.header(ID, id);
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    var watch = watchdog.watch(limits.answer().plus(limits.read()));
    try {
      answer(request, response, id, start, progress);
    } finally {
      watch.close();
      long nanos = System.nanoTime() - start;
      String endpoint = progress.endpoint == null ? "none" : progress.endpoint.path();
      log.add(
          new AccessLog.Entry(
              id,
              request.remotePeer().host(),
              request.prologue().method().text(),
              progress.path,
              progress.model,
              progress.status,
              nanos,
              progress.bytes,
              progress.body));
      metrics.end(endpoint, progress.model, progress.status, nanos); // the last of it
    }
  }

  private static String id(@Nullable String given) {
    return given != null && GOOD_ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
  }

  private void answer(
      ServerRequest request, ServerResponse response, String id, long start, Progress progress) {
    Call call = null;
    try {
      var head = head(request);
      Routes.Match match = dispatcher.find(head);
      progress.endpoint = match.endpoint();
      if (!match.endpoint().is(Endpoint.Trait.ALWAYS)) {
        gate.check();
      }
      byte[] body = match.endpoint().hasBody() ? body(request, progress) : NOTHING;
      progress.body = body;
      long deadline = start + limits.answer().toNanos();
      call = new Call(id, match.parameters(), deadline, () -> events(response));
      Object answer = dispatcher.answer(match.endpoint(), head, body, call);
      progress.model = call.model();
      if (answer == null) {
        progress.status = 200;
        end(call, progress);
      } else if (answer instanceof Endpoint.Raw raw) {
        send(response, progress, 200, raw.type(), raw.bytes());
      } else {
        send(response, progress, 200, "application/json", Json.bytes(answer));
      }
    } catch (Problem e) {
      progress.model = call == null ? "" : call.model();
      fail(request, response, call, progress, e, id);
    } catch (Events.Gone e) {
      progress.model = call == null ? "" : call.model();
      progress.status = CLIENT_GONE;
      throw new CloseConnectionException("the client is gone", e);
    }
  }

  private static void end(Call call, Progress progress) {
    Events stream = call.stream();
    if (stream == null) {
      throw new IllegalStateException("no answer");
    }
    stream.end();
    progress.bytes = stream.bytes();
  }

  private void fail(
      ServerRequest request,
      ServerResponse response,
      @Nullable Call call,
      Progress progress,
      Problem problem,
      String id) {
    progress.status = problem.status();
    var error = Dispatcher.error(problem, progress.endpoint, id);
    Events stream = call == null ? null : call.stream();
    if (stream != null) { // the status has been sent: the error is the last event
      stream.send(error);
      stream.end();
      return;
    }
    problem.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    boolean last =
        problem.headers().containsKey("Connection")
            || (request.content().hasEntity() && !request.content().consumed());
    if (last) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    send(response, progress, problem.status(), "application/problem+json", Json.bytes(error));
    if (last) { // what is left of the body must not be read as a request
      throw new CloseConnectionException("the body was not read to its end");
    }
  }

  private static void send(
      ServerResponse response, Progress progress, int status, String type, byte[] bytes) {
    progress.status = status;
    progress.bytes = bytes.length;
    response.status(Status.create(status, Problem.title(status)));
    if (status == 200) {
      response.status(Status.OK_200);
    }
    response.header(HeaderNames.CONTENT_TYPE, type);
    response.header("X-Content-Type-Options", "nosniff");
    response.send(bytes);
  }

  private static Events events(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    return new Events(response.outputStream());
  }

  private static Dispatcher.Head head(ServerRequest request) {
    var query = new LinkedHashMap<String, String>();
    for (String name : request.query().names()) {
      query.put(name, request.query().get(name));
    }
    return new Dispatcher.Head(
        request.prologue().method().text(),
        request.path().rawPath(),
        request.headers().first(HeaderNames.CONTENT_TYPE).orElse(null),
        request.headers().first(HeaderNames.AUTHORIZATION).orElse(null),
        Map.copyOf(query));
  }

  /** Reads a body that is not too large and does not come too slowly. */
  private byte[] body(ServerRequest request, Progress progress) {
    if (!request.content().hasEntity()) {
      return NOTHING;
    }
    long length = request.headers().contentLength().orElse(-1);
    if (length > limits.body()) {
      throw tooLarge();
    }
    Connection connection = Connection.current();
    try (var watch = watchdog.watch(limits.read(), () -> connection.write(tooSlow()))) {
      try {
        return read(request.content().inputStream(), (int) length);
      } catch (ServerConnectionException
          | DataReader.InsufficientDataAvailableException
          | IOException e) {
        progress.status = watch.barked() ? TOO_SLOW : CLIENT_GONE;
        throw new CloseConnectionException("the body did not come", e);
      } catch (Problem e) {
        throw e;
      } catch (RuntimeException e) { // whatever the library says of chunks that are none
        boolean large = e instanceof RequestException own && own.status().code() == 413;
        throw large ? tooLarge() : last(Problem.of(400, "not valid HTTP: " + e.getMessage()));
      }
    }
  }

  private byte[] read(InputStream in, int length) throws IOException {
    byte[] body = new byte[length >= 0 ? length : 8192];
    int size = 0;
    while (true) {
      if (size == body.length) {
        int next = in.read();
        if (next < 0) {
          return body;
        }
        if (size == limits.body()) {
          throw tooLarge();
        }
        body = Arrays.copyOf(body, Math.min(limits.body(), Math.max(8192, 2 * size)));
        body[size++] = (byte) next;
      }
      int read = in.read(body, size, body.length - size);
      if (read < 0) {
        return Arrays.copyOf(body, size);
      }
      size += read;
    }
  }

  /** After which the connection ends. */
  private static Problem last(Problem problem) {
    return problem.header("Connection", "close");
  }

  private Problem tooLarge() {
    return last(
        Problem.of(413, "the body is larger than " + limits.body() + " bytes; send less at once"));
  }

  private Problem tooSlow() {
    return Problem.of(TOO_SLOW, "the body did not come within " + limits.read().toMillis() + " ms");
  }
}
