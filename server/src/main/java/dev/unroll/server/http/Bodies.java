package dev.unroll.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.RequestException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads request bodies with limits on their size, on the time that they take, and on the memory of
 * all of them together. Memory is taken for what has arrived, not for what was announced.
 */
final class Bodies {

  private static final int PIECE = 8192;

  /** Parsing a body takes many times its size, so bodies get a sixteenth of the heap. */
  private static final int SHARE = 16;

  private static final int FEWEST = 4;

  private final HttpLimits limits;
  private final Watchdog watchdog;
  private final long most;
  private final AtomicLong held = new AtomicLong();

  Bodies(HttpLimits limits, Watchdog watchdog) {
    this.limits = limits;
    this.watchdog = watchdog;
    most = Math.max((long) FEWEST * limits.body(), Runtime.getRuntime().maxMemory() / SHARE);
  }

  /** A body that did not come: nobody waits for an answer. */
  static final class Missing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean late;

    Missing(Exception cause, boolean late) {
      super(cause);
      this.late = late;
    }

    /** Whether the client was too slow, rather than gone. */
    boolean isLate() {
      return late;
    }
  }

  /** A body, for which room is kept until it is closed. */
  final class Body implements AutoCloseable {

    private byte[] bytes = {};

    byte[] bytes() {
      return bytes;
    }

    private void resize(int length) {
      long more = (long) length - bytes.length;
      if (more > 0 && held.addAndGet(more) > most) {
        held.addAndGet(-more);
        throw full();
      }
      try {
        bytes = Arrays.copyOf(bytes, length);
      } catch (OutOfMemoryError e) {
        held.addAndGet(-Math.max(0, more));
        throw full();
      }
      held.addAndGet(Math.min(0, more));
    }

    private static Problem full() {
      return last(
          Problem.of(
              503, "the server reads as many requests as it has memory for; try again later"));
    }

    @Override
    public void close() {
      held.addAndGet(-bytes.length);
    }
  }

  /**
   * Reads the body of a request.
   *
   * @throws Problem if it is too large, is not valid HTTP, or there is no memory for it
   * @throws Missing if it does not come
   */
  Body read(ServerRequest request) {
    var body = new Body();
    if (!request.content().hasEntity()) {
      return body;
    }
    if (request.headers().contentLength().orElse(-1) > limits.body()) {
      throw tooLarge();
    }
    try {
      fill(body, request);
      return body;
    } catch (RuntimeException e) {
      body.close();
      throw e;
    }
  }

  private void fill(Body body, ServerRequest request) {
    Connection connection = Connection.current();
    try (var watch = watchdog.watch(limits.read(), () -> connection.write(tooSlow()))) {
      try {
        fill(body, request.content().inputStream());
      } catch (ServerConnectionException
          | DataReader.InsufficientDataAvailableException
          | IOException e) {
        throw new Missing(e, watch.barked());
      } catch (Problem e) {
        throw e;
      } catch (RuntimeException e) { // whatever the library says of chunks that are none
        boolean large = e instanceof RequestException own && own.status().code() == 413;
        throw large
            ? tooLarge()
            : last(Problem.of(400, "the chunks of the body are not valid HTTP/1.1"));
      }
    }
  }

  private void fill(Body body, InputStream in) throws IOException {
    int size = 0;
    body.resize(Math.min(PIECE, limits.body()));
    while (true) {
      if (size == body.bytes.length) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        if (size == limits.body()) {
          throw tooLarge();
        }
        body.resize((int) Math.min(limits.body(), 2L * size));
        body.bytes[size++] = (byte) next;
      }
      int read = in.read(body.bytes, size, body.bytes.length - size);
      if (read < 0) {
        body.resize(size);
        return;
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
    return Problem.of(408, "the body did not come within " + limits.read().toMillis() + " ms");
  }
}
