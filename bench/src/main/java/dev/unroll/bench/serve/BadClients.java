package dev.unroll.bench.serve;

import dev.unroll.kernel.CounterRandom;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that are slow, go away in the middle, or close one half of their connection. */
final class BadClients {

  /** Bytes that a client that is slow, and in time, sends one by one. */
  private static final int SLOW_BYTES = 10;

  /** Twice {@code --read-time}, of the first line and of the headers, and some more. */
  private static final int MOST_READ_MS = 90_000;

  private static final String STATUS_LINE = "HTTP/1.1 200";

  private static final byte[] STREAM =
      HttpClient.request(
          "POST",
          "/v1/completions",
          "{\"model\": \"lm\", \"prompt\": \"\", \"max_tokens\": 1000, \"stream\": true}");

  private final Soak soak;
  private final List<Question> questions;
  private final AtomicLong drawn = new AtomicLong();
  private final CounterRandom random = CounterRandom.of(1, CounterRandom.Purpose.SAMPLING, 3);

  BadClients(Soak soak, List<Question> questions) {
    this.soak = soak;
    this.questions = questions;
  }

  /** Starts some of each kind. */
  void start(int each) {
    Tally slow = soak.tally("slow, in time");
    Tally tooSlow = soak.tally("too slow, cut off");
    Tally reading = soak.tally("reading slowly");
    Tally gone = soak.tally("gone in the middle");
    Tally half = soak.tally("half-closed");
    for (int i = 0; i < each; i++) {
      soak.start(slow, () -> sendSlowly(slow));
      soak.start(tooSlow, () -> sendTooSlowly(tooSlow));
      soak.start(reading, () -> readSlowly(reading));
      soak.start(gone, () -> vanish(gone));
      soak.start(half, () -> closeHalf(half));
    }
  }

  private int below(int bound) {
    return (int) random.below(drawn.getAndIncrement(), bound);
  }

  private Question question() {
    return questions.get(below(questions.size()));
  }

  private static void count(Tally tally, Question question, HttpClient.Answer answer) {
    tally.answer(answer, answer.status() == 200 && question.isRight(answer.body()));
  }

  /** The last bytes one a second: the answer is that of any other client. */
  private void sendSlowly(Tally tally) throws IOException {
    Question question = question();
    byte[] request = question.request();
    int quick = request.length - SLOW_BYTES;
    try (var client = new HttpClient(soak.port())) {
      client.send(Arrays.copyOf(request, quick));
      for (int i = quick; i < request.length; i++) {
        soak.sleep(1000);
        client.send(new byte[] {request[i]});
      }
      count(tally, question, client.receive());
    }
  }

  /** All bytes one a second, which takes too long: the server ends it. */
  private void sendTooSlowly(Tally tally) throws IOException {
    byte[] request = question().request();
    long start = System.nanoTime();
    try (var client = new HttpClient(soak.port())) {
      for (byte each : request) {
        client.send(new byte[] {each});
        soak.sleep(1000);
        if (soak.isOver()) {
          return;
        }
        if ((System.nanoTime() - start) / 1_000_000 > MOST_READ_MS) {
          throw new IOException("the server still reads after " + MOST_READ_MS + " ms");
        }
      }
    } catch (ConnectException e) {
      throw e;
    } catch (SocketException e) { // as it should be
      tally.right();
    }
  }

  /** Takes the first line of the answer a byte a second; the rest goes with the connection. */
  private void readSlowly(Tally tally) throws IOException {
    try (var client = new HttpClient(soak.port())) {
      client.send(question().request());
      InputStream in = client.socket().getInputStream();
      var line = new StringBuilder();
      for (int i = 0; i < STATUS_LINE.length(); i++) {
        line.append((char) in.read());
        soak.sleep(1000);
      }
      int status = Integer.parseInt(line.substring(STATUS_LINE.length() - 3));
      tally.answer(new HttpClient.Answer(status, new byte[0]), true);
    } catch (NumberFormatException e) {
      throw new IOException("an answer that is none of HTTP", e);
    }
  }

  /** Ends the connection with a reset: in a request, before an answer, or in a stream. */
  private void vanish(Tally tally) throws IOException {
    byte[] request = question().request();
    try (var client = new HttpClient(soak.port())) {
      Socket socket = client.socket();
      switch (below(3)) {
        case 0 -> client.send(Arrays.copyOf(request, 1 + below(request.length - 1)));
        case 1 -> client.send(request);
        default -> {
          client.send(STREAM);
          if (socket.getInputStream().read() < 0) {
            throw new EOFException("no stream");
          }
        }
      }
      socket.setSoLinger(true, 0);
      tally.right();
    }
    soak.sleep(1000);
  }

  /** Sends no more after a request, and still gets its answer. */
  private void closeHalf(Tally tally) throws IOException {
    Question question = question();
    try (var client = new HttpClient(soak.port())) {
      client.send(question.request());
      client.socket().shutdownOutput();
      count(tally, question, client.receive());
    }
    soak.sleep(1000);
  }
}
