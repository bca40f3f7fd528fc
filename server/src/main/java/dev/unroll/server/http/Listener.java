package dev.unroll.server.http;

import dev.unroll.base.InputException;
import dev.unroll.server.json.Json;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The socket that takes requests, each on a virtual thread of its own. */
public final class Listener implements AutoCloseable {

  private final WebServer server;
  private final Watchdog watchdog;
  private final Gate gate;
  private final Metrics metrics;
  private final boolean secure;

  /**
   * Where to listen.
   *
   * @param host name or address
   * @param port 0 for any that is free
   * @param certificate chain in PEM, null for no TLS
   * @param key of the certificate, in PEM
   */
  public record Place(String host, int port, @Nullable Path certificate, @Nullable Path key) {}

  /**
   * What is told to whom.
   *
   * @param routes what can be asked for
   * @param tokens who may ask
   * @param limits how much of it
   * @param metrics where it is counted
   * @param log where it is noted
   */
  public record Service(
      Routes routes, Tokens tokens, HttpLimits limits, Metrics metrics, AccessLog log) {}

  private Listener(
      WebServer server, Service service, Watchdog watchdog, Gate gate, boolean secure) {
    this.server = server;
    this.watchdog = watchdog;
    this.gate = gate;
    this.secure = secure;
    metrics = service.metrics;
  }

  /**
   * Begins to listen.
   *
   * @throws InputException if the place cannot be listened at
   */
  public static Listener start(Place place, Service service) {
    var watchdog = new Watchdog();
    var gate = new Gate();
    HttpLimits limits = service.limits;
    var exchange =
        new Exchange(
            new Dispatcher(service.routes, service.tokens, limits),
            limits,
            watchdog,
            gate,
            new Exchange.Records(service.metrics, service.log));
    var server =
        WebServer.builder()
            .address(address(place.host))
            .port(place.port)
            .useNio(false) // so that an interrupt ends a read
            .maxPayloadSize(limits.body())
            .maxTcpConnections(limits.connections())
            .idleConnectionTimeout(limits.read())
            .idleConnectionPeriod(limits.read().dividedBy(4).plusMillis(1))
            .shutdownHook(false)
            .shutdownGracePeriod(Duration.ofMillis(1))
            .directHandlers(errors())
            .addProtocol(
                Http1Config.builder()
                    .maxHeadersSize(limits.headers())
                    .maxPrologueLength(Math.min(limits.headers(), 4096))
                    .sendKeepAliveHeader(false)
                    .addReceiveListener(new Connection.Headers(watchdog, limits.read()))
                    .build())
            .routing(HttpRouting.builder().any(exchange));
    Path certificate = place.certificate;
    Path key = place.key;
    if (certificate != null && key != null) {
      server.tls(tls(certificate, key));
    }
    try {
      return new Listener(server.build().start(), service, watchdog, gate, certificate != null);
    } catch (RuntimeException e) {
      watchdog.close();
      throw new InputException(
          "cannot listen at " + place.host + ":" + place.port + ": " + e.getMessage(),
          "Choose another {port}, or another {host}.");
    }
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new InputException(
          "the host " + host + " is not known", "Name an address of this one.");
    }
  }

  private static Tls tls(Path certificate, Path key) {
    try {
      var keys =
          Keys.builder()
              .pem(pem -> pem.key(Resource.create(key)).certificates(Resource.create(certificate)))
              .build();
      return Tls.builder()
          .privateKey(keys.privateKey().orElseThrow())
          .privateKeyCertChain(keys.certChain())
          .build();
    } catch (RuntimeException e) {
      throw new InputException(
          "no certificate with its key in " + certificate + " and " + key + ": " + e.getMessage(),
          "Give a chain of certificates and an unencrypted key (PKCS #8), both in PEM.");
    }
  }

  /** What does not reach a route has errors of the same form. */
  private static DirectHandlers errors() {
    var handlers = DirectHandlers.builder();
    for (var event : DirectHandler.EventType.values()) {
      handlers.addHandler(event, Listener::error);
    }
    return handlers.build();
  }

  private static DirectHandler.TransportResponse error(
      DirectHandler.TransportRequest request,
      DirectHandler.EventType event,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    boolean internal = status.code() >= 500 && status.code() != 501 && status.code() != 505;
    String said =
        internal || message == null || message.isEmpty() ? status.reasonPhrase() : message;
    String detail =
        status.code() == 413
            ? "the body is too large; send less at once"
            : "not valid HTTP: " + said;
    var problem = Problem.of(status.code(), detail);
    return DirectHandler.TransportResponse.builder()
        .status(status)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
        .keepAlive(false)
        .entity(Json.bytes(problem.fields(null)))
        .build();
  }

  /** Returns the port. */
  public int port() {
    return server.port();
  }

  /** Returns whether clients speak TLS. */
  public boolean isSecure() {
    return secure;
  }

  /** Returns whether new requests are refused. */
  public boolean isEnding() {
    return gate.isClosed();
  }

  /** Refuses new requests, waits until those that run have ended, and then ends all. */
  public void close(Duration grace) {
    gate.close();
    long end = System.nanoTime() + grace.toNanos();
    try {
      while (metrics.running() > 0 && System.nanoTime() < end) {
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
    watchdog.close();
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
