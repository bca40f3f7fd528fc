package dev.unroll.server.http;

import dev.unroll.base.InputException;
import dev.unroll.server.json.Json;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The server socket; each connection has a virtual thread of its own. */
public final class Listener implements AutoCloseable {

  private final Place place;
  private final HttpLimits limits;
  private final Watchdog watchdog = new Watchdog();
  private final Gate gate = new Gate();
  private final AtomicReference<@Nullable Exchange> exchange = new AtomicReference<>();
  private final @Nullable Certificates certificates;
  private final WebServer server;

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
   * What answers requests.
   *
   * @param routes what can be asked for
   * @param tokens who may ask
   * @param metrics where requests are counted
   * @param log where they are noted
   */
  public record Service(Routes routes, Tokens tokens, Metrics metrics, AccessLog log) {}

  /**
   * Prepares the HTTP library without opening a socket. This takes longer than opening a small
   * model, so both are done in parallel.
   *
   * @throws InputException if there is no such place, or its certificate cannot be used
   */
  public Listener(Place place, HttpLimits limits) {
    this.place = place;
    this.limits = limits;
    var builder =
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
            .protocolsDiscoverServices(false) // else what is no HTTP/1.1 is closed unanswered
            .addProtocol(
                Http1Config.builder()
                    .maxHeadersSize(limits.headers())
                    .maxPrologueLength(Math.min(limits.headers(), 4096))
                    .sendKeepAliveHeader(false)
                    .addReceiveListener(new Connection.Headers(watchdog, limits.read()))
                    .build())
            .routing(HttpRouting.builder().any(this::handle));
    if (place.certificate == null || place.key == null) {
      certificates = null;
    } else {
      certificates = new Certificates(place.certificate, place.key);
      builder.tls(certificates.tls(limits.read(), watchdog));
    }
    server = builder.build();
  }

  private void handle(ServerRequest request, ServerResponse response) {
    Exchange own = exchange.get();
    if (own == null) {
      throw new IllegalStateException("not started"); // the socket is opened after that
    }
    own.handle(request, response);
  }

  /**
   * Starts to listen.
   *
   * @throws InputException if the address cannot be bound
   */
  public void start(Service service) {
    exchange.set(
        new Exchange(
            new Dispatcher(service.routes, service.tokens, limits),
            limits,
            watchdog,
            gate,
            new Exchange.Records(service.metrics, service.log)));
    checkFree();
    watchdog.start(limits.read());
    server.start();
    if (!server.isRunning()) {
      throw notFree("another program has taken it");
    }
  }

  /** The library only logs that it cannot listen, with no reason that a user could read. */
  private void checkFree() {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address(place.host), place.port));
    } catch (IOException e) {
      throw notFree(String.valueOf(e.getMessage()));
    }
  }

  private InputException notFree(String why) {
    return new InputException(
        "cannot listen at " + place.host + ":" + place.port + ": " + why,
        "Choose another {port}, or another {host}.");
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new InputException(
          "the host " + host + " is not known", "Name an address of this one.");
    }
  }

  /** Errors that the HTTP library finds before routing have the same form as all others. */
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
    if (status.code() == 400 && request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
      return answer(415, "send the body as it is, without a Content-Encoding", headers);
    }
    // what is not even a first line of a request is a fault of the client, whatever comes of it
    int code = request.method().isEmpty() && status.code() == 500 ? 400 : status.code();
    boolean explained = code < 500 && message != null && !message.equals(status.reasonPhrase());
    String detail =
        switch (code) {
          case 413 -> "the body is too large; send less at once";
          case 500 -> "an internal error; the server's log says more";
          case 505 -> "send the request as HTTP/1.1";
          default -> "the request is not valid HTTP/1.1" + (explained ? ": " + message : "");
        };
    return answer(code, detail, headers);
  }

  private static DirectHandler.TransportResponse answer(
      int code, String detail, ServerResponseHeaders headers) {
    return DirectHandler.TransportResponse.builder()
        .status(Status.create(code, Problem.title(code)))
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
        .keepAlive(false)
        .entity(Json.bytes(Problem.of(code, detail).fields(null)))
        .build();
  }

  /** Returns the port. */
  public int port() {
    return server.port();
  }

  /** Returns whether clients speak TLS. */
  public boolean isSecure() {
    return certificates != null;
  }

  /** Loads certificates that were replaced on disk. */
  public void reloadCertificates() {
    if (certificates != null) {
      certificates.reloadReplaced();
    }
  }

  /** Returns whether new requests are refused. */
  public boolean isEnding() {
    return gate.isClosed();
  }

  /** Refuses new requests, waits for running ones, and closes all connections. */
  public void close(Duration grace) {
    gate.close();
    long end = System.nanoTime() + grace.toNanos();
    Exchange own = exchange.get();
    try {
      while (own != null && own.running() > 0 && System.nanoTime() < end) {
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
