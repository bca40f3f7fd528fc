package dev.unroll.server;

import dev.unroll.base.InputException;
import dev.unroll.server.http.AccessLog;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Listener;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.OpenApi;
import dev.unroll.server.http.Problem;
import dev.unroll.server.http.Routes;
import dev.unroll.server.json.Json;
import dev.unroll.server.model.Batcher;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import dev.unroll.server.openai.OpenAiEndpoints;
import dev.unroll.server.session.SessionEndpoints;
import dev.unroll.server.session.Sessions;
import dev.unroll.server.session.StateTokens;
import dev.unroll.server.task.EmbedEndpoint;
import dev.unroll.server.task.LabelEndpoints;
import dev.unroll.server.task.LanguageEndpoints;
import dev.unroll.server.task.ModelEndpoints;
import dev.unroll.server.task.NumberEndpoints;
import dev.unroll.server.task.PairEndpoints;
import dev.unroll.server.task.SampleEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An HTTP server of models.
 *
 * {@snippet :
 * try (var server = UnrollServer.builder().model(Path.of("queues.safetensors")).port(0).start()) {
 *   System.out.println(server.uri().resolve("/v1/models"));
 * }
 * }
 */
public final class UnrollServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(UnrollServer.class.getName());

  private static final String OPEN_API = "/openapi.json";

  private final Listener listener;
  private final Batcher batcher;
  private final ScheduledExecutorService timer;
  private final String host;
  private final Duration grace;

  private UnrollServer(
      Listener listener,
      Batcher batcher,
      ScheduledExecutorService timer,
      ServerOptions<?> options) {
    this.listener = listener;
    this.batcher = batcher;
    this.timer = timer;
    host = options.place().host();
    grace = options.grace;
  }

  /** Returns a builder with the default options. */
  public static Builder builder() {
    return new Builder();
  }

  /** The options of a server. */
  public static final class Builder extends ServerOptions<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Opens the models and starts to listen.
     *
     * @throws InputException if a model cannot be opened, the place cannot be listened at, or
     *     others could reach it without a token
     */
    public UnrollServer start() {
      check();
      return UnrollServer.start(this);
    }
  }

  private static UnrollServer start(ServerOptions<?> options) {
    CompletableFuture<Listener> listener =
        inOtherThread(() -> new Listener(options.place(), options.http()));
    var metrics = new Metrics();
    var batcher = new Batcher(options.batches(), metrics);
    try {
      var sessions = new Sessions(options.sessions(), options.clock, metrics);
      var models = new Models(options.models, options.clock, options.engines, batcher);
      models.onReplaced(sessions::replaced);
      Listener prepared = prepared(listener);
      prepared.start(service(options, models, sessions, metrics, prepared));
      return new UnrollServer(
          prepared, batcher, timer(options, models, sessions, prepared), options);
    } catch (RuntimeException e) {
      batcher.close();
      closePrepared(listener);
      throw e;
    }
  }

  private static <T> CompletableFuture<T> inOtherThread(Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, task -> Thread.ofPlatform().daemon().name("unroll-start").start(task));
  }

  private static void closePrepared(CompletableFuture<Listener> listener) {
    try {
      listener.join().close();
    } catch (CompletionException e) {
      // there is none: that is what has been reported
    }
  }

  private static Listener prepared(CompletableFuture<Listener> listener) {
    try {
      return listener.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own;
      }
      throw e;
    }
  }

  private static Listener.Service service(
      ServerOptions<?> options,
      Models models,
      Sessions sessions,
      Metrics metrics,
      Listener listener) {
    List<Endpoint<?, ?>> endpoints = endpoints(options, models, metrics, listener);
    var states = StateTokens.of(options.stateKey());
    endpoints.addAll(new SessionEndpoints(models, sessions, states, metrics).endpoints());
    List<Endpoint<?, ?>> described = List.copyOf(endpoints);
    boolean secured = options.tokens().isRequired();
    endpoints.add(
        Endpoint.get(
                OPEN_API,
                "Returns this description (OpenAPI 3.1).",
                Endpoint.Raw.class,
                (call, none) ->
                    new Endpoint.Raw(
                        "application/json", Json.bytes(new OpenApi().document(described, secured))))
            .with(Endpoint.Trait.OPEN));
    return new Listener.Service(
        new Routes(endpoints),
        options.tokens(),
        metrics,
        new AccessLog(options.accessLog, options.clock, options.logTexts));
  }

  private static List<Endpoint<?, ?>> endpoints(
      ServerOptions<?> options, Models models, Metrics metrics, Listener listener) {
    var all = new ArrayList<Endpoint<?, ?>>(new ModelEndpoints(models).endpoints());
    all.addAll(new LanguageEndpoints(models, metrics).endpoints());
    all.addAll(new SampleEndpoint(models, metrics, options.length).endpoints());
    all.addAll(new EmbedEndpoint(models, metrics).endpoints());
    all.addAll(new LabelEndpoints(models).endpoints());
    all.addAll(new PairEndpoints(models).endpoints());
    all.addAll(new NumberEndpoints(models).endpoints());
    all.addAll(new OpenAiEndpoints(models, metrics, options.length, options.clock).endpoints());
    all.add(
        Endpoint.get(
                "/live", "Liveness: the process runs.", Health.class, (call, none) -> Health.UP)
            .with(Endpoint.Trait.OPEN, Endpoint.Trait.ALWAYS));
    all.add(
        Endpoint.get(
                "/ready",
                "Readiness: requests are accepted.",
                Health.class,
                (call, none) -> {
                  if (listener.isEnding()) {
                    throw Problem.of(503, "the server takes no requests");
                  }
                  return Health.UP;
                })
            .with(Endpoint.Trait.OPEN, Endpoint.Trait.ALWAYS));
    all.add(
        Endpoint.get(
                "/metrics",
                "Metrics in the text format of Prometheus.",
                Endpoint.Raw.class,
                (call, none) ->
                    new Endpoint.Raw("text/plain; version=0.0.4; charset=utf-8", metrics.text()))
            .with(Endpoint.Trait.ALWAYS));
    return all;
  }

  /** Whether something works. */
  record Health(String status) {
    static final Health UP = new Health("up");
  }

  private static ScheduledExecutorService timer(
      ServerOptions<?> options, Models models, Sessions sessions, Listener listener) {
    var timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("unroll-timer").factory());
    Future<?> unused =
        timer.scheduleWithFixedDelay(again(sessions::expire), 1, 1, TimeUnit.SECONDS);
    // so that no request waits for them, and the start does not
    unused = timer.schedule(again(() -> models.all().forEach(Served::hash)), 1, TimeUnit.SECONDS);
    long period = options.reload.toMillis();
    if (period > 0) {
      unused =
          timer.scheduleWithFixedDelay(
              again(
                  () -> {
                    listener.reloadCertificates();
                    options.tokens().reloadReplaced();
                    models.reloadReplaced();
                  }),
              period,
              period,
              TimeUnit.MILLISECONDS);
    }
    return timer;
  }

  /** Returns a task that does not end the timer, whatever happens. */
  private static Runnable again(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.log(System.Logger.Level.ERROR, "what the server does every second has failed", e);
      }
    };
  }

  /** Returns the port. */
  public int port() {
    return listener.port();
  }

  /** Returns the address that it listens at. */
  public URI uri() {
    String shown = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create(
        (listener.isSecure() ? "https" : "http") + "://" + shown + ":" + port() + "/");
  }

  /** Refuses new requests, waits for running ones up to the grace period, and stops. */
  @Override
  public void close() {
    timer.shutdownNow();
    listener.close(grace);
    batcher.close();
  }
}
