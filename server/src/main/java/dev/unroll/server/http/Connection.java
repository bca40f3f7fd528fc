package dev.unroll.server.http;

import dev.unroll.server.json.Json;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The connection of the current thread: each has one of its own, which ends with it. */
final class Connection {

  private static final ThreadLocal<Connection> CURRENT = new ThreadLocal<>();

  private final DataWriter writer;
  private final Watchdog.Watch headers;

  private Connection(DataWriter writer, Watchdog.Watch headers) {
    this.writer = writer;
    this.headers = headers;
  }

  static Connection current() {
    return CURRENT.get();
  }

  /** Answers a request whose body has not arrived. */
  void write(Problem problem) {
    byte[] body = Json.bytes(problem.fields(null));
    String head =
        "HTTP/1.1 "
            + problem.status()
            + " "
            + Problem.title(problem.status())
            + "\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    BufferData all = BufferData.growing(head.length() + body.length);
    all.write(head.getBytes(StandardCharsets.US_ASCII));
    all.write(body);
    writer.writeNow(all);
  }

  /** Closes connections whose headers do not arrive in time. */
  static final class Headers implements Http1ConnectionListener {

    private final Watchdog watchdog;
    private final Duration time;

    Headers(Watchdog watchdog, Duration time) {
      this.watchdog = watchdog;
      this.time = time;
    }

    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
      Handshakes.end();
      CURRENT.set(new Connection(context.dataWriter(), watchdog.watch(time)));
    }

    @Override
    public void headers(ConnectionContext context, io.helidon.http.Headers headers) {
      CURRENT.get().headers.close();
    }
  }
}
