package dev.unroll.server.http;

import java.util.concurrent.atomic.AtomicBoolean;

/** Lets requests in until the server ends. */
final class Gate {

  private final AtomicBoolean closed = new AtomicBoolean();

  void check() {
    if (closed.get()) {
      throw Problem.of(503, "the server is shutting down; ask another one")
          .header("Connection", "close");
    }
  }

  boolean isClosed() {
    return closed.get();
  }

  void close() {
    closed.set(true);
  }
}
