package dev.unroll.server.http;

import dev.unroll.server.json.Json;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Handles every request that the HTTP library has parsed. */
final class Exchange implements Handler {

  private static final HeaderName ID = HeaderNames.create("X-Request-Id");
  private static final Pattern GOOD_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final Pattern HOST = Pattern.compile("^https?://[^/]*", Pattern.CASE_INSENSITIVE);

  /** What nginx calls a client that went away before its answer. */
  private static final int CLIENT_GONE = 499;

  private static final int TOO_SLOW = 408;

  private static final byte[] NOTHING = {};

  private final Dispatcher dispatcher;
  private final HttpLimits limits;
  private final Watchdog watchdog;
  private final Gate gate;
  private final Bodies bodies;
  private final Metrics metrics;
  private final AccessLog log;

  Exchange(
      Dispatcher dispatcher, HttpLimits limits, Watchdog watchdog, Gate gate, Records records) {
    this.dispatcher = dispatcher;
    this.limits = limits;
    this.watchdog = watchdog;
    this.gate = gate;
    bodies = new Bodies(limits, watchdog);
    metrics = records.metrics;
    log = records.log;
  }

  /** Where requests are counted and noted. */
  record Records(Metrics metrics, AccessLog log) {}

  /** Returns how many requests are being answered. */
  int running() {
    return metrics.running();
  }

  /** What becomes known of a request on its way. */
  private static final class Progress {
    private final String path;
    private final boolean head;
    private String model = "";
    private int status = CLIENT_GONE;
    private long bytes;
    private Bodies.@Nullable Body body;
    private @Nullable Endpoint<?, ?> endpoint;

    Progress(ServerRequest request) {
      path = path(request);
      head = request.prologue().method().text().equals("HEAD");
    }
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    String id = id(request.headers().first(ID).orElse(null));
    var progress = new Progress(request);
    response.header(ID, id);
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    var watch = watchdog.watch(limits.answer().plus(limits.read()));
    metrics.begin();
    try {
      answer(request, response, id, start, progress);
    } finally {
      watch.close();
      end(request, id, progress, System.nanoTime() - start);
    }
    if (endsConnection(request)) { // the library says that it will, and forgets it
      throw new CloseConnectionException("the client has no further request");
    }
  }

  private void end(ServerRequest request, String id, Progress progress, long nanos) {
    String endpoint = progress.endpoint == null ? "none" : progress.endpoint.path();
    try {
      log(request, id, progress, nanos);
    } finally {
      if (progress.body != null) {
        progress.body.close();
      }
      metrics.end(endpoint, progress.model, progress.status, nanos); // the last of it
    }
  }

  private void log(ServerRequest request, String id, Progress progress, long nanos) {
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
            progress.body == null ? null : progress.body.bytes()));
  }

  /** Returns the path, also of a request that names the server in the form of a proxy's. */
  private static String path(ServerRequest request) {
    String path = request.path().rawPath();
    return path.startsWith("/") ? path : HOST.matcher(path).replaceFirst("");
  }

  private static String id(@Nullable String given) {
    return given != null && GOOD_ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
  }

  private static boolean endsConnection(ServerRequest request) {
    return request.headers().values(HeaderNames.CONNECTION).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .anyMatch(value -> value.strip().equalsIgnoreCase("close"));
  }

  private void answer(
      ServerRequest request, ServerResponse response, String id, long start, Progress progress) {
    Call call = null;
    try {
      var head = head(request, progress.path);
      Routes.Match match = dispatcher.find(head);
      progress.endpoint = match.endpoint();
      dispatcher.authorize(match.endpoint(), head);
      if (!match.endpoint().is(Endpoint.Trait.ALWAYS)) {
        gate.check();
      }
      byte[] body = NOTHING;
      if (match.endpoint().hasBody()) {
        progress.body = bodies.read(request);
        body = progress.body.bytes();
      }
      long deadline = start + limits.answer().toNanos();
      call = new Call(id, match.parameters(), deadline, () -> events(response));
      Endpoint.Raw answer = dispatcher.answer(match.endpoint(), head, body, call);
      progress.model = call.model();
      if (answer == null) {
        progress.status = 200;
        end(call, progress);
      } else {
        send(response, progress, 200, answer);
      }
    } catch (Problem e) {
      progress.model = call == null ? "" : call.model();
      fail(request, response, call, progress, e, id);
    } catch (Bodies.Missing e) {
      progress.status = e.isLate() ? TOO_SLOW : CLIENT_GONE;
      throw new CloseConnectionException("the body did not come", e);
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
    var answer = new Endpoint.Raw("application/problem+json", Json.bytes(error));
    send(response, progress, problem.status(), answer);
    if (last) { // what is left of the body must not be read as a request
      throw new CloseConnectionException("the body was not read to its end");
    }
  }

  private static void send(
      ServerResponse response, Progress progress, int status, Endpoint.Raw answer) {
    progress.status = status;
    response.status(Status.create(status, Problem.title(status)));
    if (status == 200) {
      response.status(Status.OK_200);
    }
    response.header(HeaderNames.CONTENT_TYPE, answer.type());
    response.header("X-Content-Type-Options", "nosniff");
    if (progress.head) {
      response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(answer.bytes().length));
      response.send();
    } else {
      progress.bytes = answer.bytes().length;
      response.send(answer.bytes());
    }
  }

  private static Events events(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    return new Events(response.outputStream());
  }

  private static Dispatcher.Head head(ServerRequest request, String path) {
    var query = new TreeMap<String, List<String>>();
    try {
      for (String name : request.query().names()) {
        query.put(name, request.query().all(name));
      }
    } catch (RuntimeException e) { // whatever the library says of escapes that are none
      throw Problem.of(400, "the query cannot be read; escape what is not a letter or a digit");
    }
    return new Dispatcher.Head(
        request.prologue().method().text(),
        path,
        request.headers().first(HeaderNames.CONTENT_TYPE).orElse(null),
        request.headers().first(HeaderNames.AUTHORIZATION).orElse(null),
        Collections.unmodifiableMap(query));
  }
}
