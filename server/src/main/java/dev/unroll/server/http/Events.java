package dev.unroll.server.http;

import dev.unroll.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** An answer by server-sent events; each is on its way when the call returns. */
public final class Events {

  private final OutputStream out;
  private long bytes;

  Events(OutputStream out) {
    this.out = out;
  }

  /** The client is gone: nobody reads the rest. */
  public static final class Gone extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Gone(Throwable cause) {
      super(cause);
    }
  }

  /**
   * Sends a value.
   *
   * @throws Gone if the client is gone
   */
  public void send(Object value) {
    send(new String(Json.bytes(value), StandardCharsets.UTF_8));
  }

  /**
   * Sends a text that has no line ends.
   *
   * @throws Gone if the client is gone
   */
  public void send(String data) {
    byte[] event = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    try {
      out.write(event);
      out.flush();
      bytes += event.length;
    } catch (IOException | RuntimeException e) { // the library wraps what the socket says
      throw new Gone(e);
    }
  }

  long bytes() {
    return bytes;
  }

  void end() {
    try {
      out.close();
    } catch (IOException | RuntimeException e) {
      throw new Gone(e);
    }
  }
}
