package dev.unroll.bench.serve;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One connection that stays open, and as little work as can be: requests are bytes that were made
 * before, and of an answer only the status and the length are read. For one thread.
 */
final class HttpClient implements Closeable {

  private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSE = "\r\nconnection: close".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final InputStream in;
  private byte[] buffer = new byte[1 << 13];
  private boolean open = true;

  HttpClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /** An answer with its whole body. */
  record Answer(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Returns the bytes of a request. */
  static byte[] request(String method, String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: load\r\n"
            + type
            + "Content-Length: "
            + bytes.length
            + "\r\n\r\n";
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(first, first.length + bytes.length);
    System.arraycopy(bytes, 0, all, first.length, bytes.length);
    return all;
  }

  /** Sends a request and waits for its answer. */
  Answer ask(byte[] request) throws IOException {
    send(request);
    return receive();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  Socket socket() {
    return socket;
  }

  /** Whether the server takes another request on this connection. */
  boolean isOpen() {
    return open;
  }

  /** Reads an answer whose header says how long it is. */
  Answer receive() throws IOException {
    int size = 0;
    int body = -1;
    int end = Integer.MAX_VALUE;
    while (size < end) {
      if (size == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * size);
      }
      int read = in.read(buffer, size, buffer.length - size);
      if (read < 0) {
        open = false;
        throw new EOFException("the server closed the connection");
      }
      size += read;
      if (body < 0) {
        body = endOfHead(size);
        end = body < 0 ? end : body + length(body);
      }
    }
    open = find(CLOSE, body) < 0;
    return new Answer(number(9), Arrays.copyOfRange(buffer, body, end));
  }

  private int endOfHead(int size) {
    for (int i = 3; i < size; i++) {
      if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private int length(int end) throws IOException {
    int at = find(LENGTH, end);
    if (at < 0) {
      throw new IOException("an answer without a length");
    }
    return number(buffer[at] == ' ' ? at + 1 : at);
  }

  /** Returns where what was looked for ends, or -1; large and small letters are the same. */
  private int find(byte[] wanted, int end) {
    for (int from = 0; from + wanted.length <= end; from++) {
      int i = 0;
      while (i < wanted.length && lower(buffer[from + i]) == wanted[i]) {
        i++;
      }
      if (i == wanted.length) {
        return from + i;
      }
    }
    return -1;
  }

  private static int lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
  }

  private int number(int from) {
    int number = 0;
    for (int i = from; buffer[i] >= '0' && buffer[i] <= '9'; i++) {
      number = 10 * number + buffer[i] - '0';
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
