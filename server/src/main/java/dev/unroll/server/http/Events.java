package dev.unroll.server.http;

import dev.unroll.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** An answer by server-sent events; each is on its way when the call returns. */
public final class Events {

  private static final byte[] BEGIN = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

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
    write(Json.bytes(value));
  }

  /**
   * Sends a text that has no line ends.
   *
   * @throws Gone if the client is gone
   */
  public void send(String data) {
    write(data.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] data) {
    byte[] event = new byte[BEGIN.length + data.length + END.length];
    System.arraycopy(BEGIN, 0, event, 0, BEGIN.length);
    System.arraycopy(data, 0, event, BEGIN.length, data.length);
    System.arraycopy(END, 0, event, BEGIN.length + data.length, END.length);
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
