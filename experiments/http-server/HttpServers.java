import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.model.Classifier;
import io.helidon.webserver.WebServer;
import io.javalin.Javalin;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Helidon and Javalin on the same path: a JSON text comes in, a classifier answers, JSON goes out.
 *
 * <pre>
 * serve helidon|javalin MODEL   prints its port, and after how many ms since the JVM's start
 * load PORT CLIENTS SECONDS     prints requests/s and latencies in µs
 * </pre>
 */
final class HttpServers {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long a client waits for an answer. */
  private static final int LONGEST_MS = 30_000;

  public static void main(String[] args) throws Exception {
    if (args[0].equals("load")) {
      load(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      return;
    }
    Classifier classifier = Classifier.open(Path.of(args[2]));
    int port = args[1].equals("helidon") ? helidon(classifier) : javalin(classifier);
    long started = java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime();
    System.out.println(port + " " + (System.currentTimeMillis() - started) + " ms");
    Thread.currentThread().join();
  }

  private static byte[] answer(Classifier classifier, byte[] body) {
    try {
      JsonNode request = JSON.readTree(body);
      var found = classifier.classify(request.get("text").asText());
      return JSON.writeValueAsBytes(
          Map.of("label", found.label(), "probabilities", found.probabilities()));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int helidon(Classifier classifier) {
    return WebServer.builder()
        .port(0)
        .routing(
            routes ->
                routes.post(
                    "/v1/classify",
                    (request, response) ->
                        response.send(answer(classifier, request.content().as(byte[].class)))))
        .build()
        .start()
        .port();
  }

  private static int javalin(Classifier classifier) {
    return Javalin.create(
            config -> {
              config.concurrency.useVirtualThreads = true;
              config.startup.showJavalinBanner = false;
              config.routes.post(
                  "/v1/classify",
                  context -> context.result(answer(classifier, context.bodyAsBytes())));
            })
        .start(0)
        .port();
  }

  /** What a client saw: the times of its answers, and what ended it before its time. */
  private record Seen(long[] times, String failure) {}

  private static void load(int port, int clients, int seconds) throws Exception {
    var all = new Seen[clients];
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < clients; client++) {
        int own = client;
        threads.submit(() -> all[own] = requests(port, end));
      }
    }
    String failures =
        Arrays.stream(all)
            .map(Seen::failure)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.groupingBy(each -> each, TreeMap::new, Collectors.counting()))
            .toString();
    long[] times = Arrays.stream(all).flatMapToLong(each -> Arrays.stream(each.times)).toArray();
    Arrays.sort(times);
    System.out.printf(
        "%d clients: %.0f requests/s, p50 %d, p99 %d, p99.9 %d µs%s%n",
        clients,
        times.length / (double) seconds,
        at(times, 0.5),
        at(times, 0.99),
        at(times, 0.999),
        failures.equals("{}") ? "" : ", clients that failed: " + failures);
  }

  private static long at(long[] times, double part) {
    return times.length == 0 ? -1 : times[(int) (times.length * part)] / 1000;
  }

  private static Seen requests(int port, long end) {
    String body = "{\"text\":\"the food was cold and the waiter rude, but the room was lovely\"}";
    byte[] request =
        ("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII);
    long[] times = new long[1024];
    int count = 0;
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(LONGEST_MS);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[8192];
      while (System.nanoTime() < end) {
        long start = System.nanoTime();
        socket.getOutputStream().write(request);
        read(in, buffer);
        if (count == times.length) {
          times = Arrays.copyOf(times, 2 * count);
        }
        times[count++] = System.nanoTime() - start;
      }
      return new Seen(Arrays.copyOf(times, count), "");
    } catch (java.io.IOException e) { // counted: one client must not hold up the others' result
      return new Seen(Arrays.copyOf(times, count), e.toString());
    }
  }

  /** Reads an answer, whose length its header says. */
  private static void read(InputStream in, byte[] buffer) throws java.io.IOException {
    int size = 0;
    int wanted = -1;
    while (wanted < 0 || size < wanted) {
      int read = in.read(buffer, size, buffer.length - size);
      if (read < 0) {
        throw new java.io.EOFException();
      }
      size += read;
      if (wanted < 0) {
        String text = new String(buffer, 0, size, StandardCharsets.ISO_8859_1);
        int body = text.indexOf("\r\n\r\n");
        if (body >= 0) {
          if (!text.startsWith("HTTP/1.1 200")) {
            throw new java.io.IOException(text);
          }
          String lower = text.toLowerCase(java.util.Locale.ROOT);
          int at = lower.indexOf("content-length:") + 15;
          wanted = body + 4 + Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)).trim());
        }
      }
    }
  }
}
