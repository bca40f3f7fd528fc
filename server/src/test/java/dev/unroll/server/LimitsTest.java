package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits that options set: what lies beyond them is refused, waits or ends. */
class LimitsTest {

  private static final String ENDLESS = "\"length\":10000000,\"stopAtEnd\":false";

  @Test
  void anAnswerThatTakesTooLongIsRefused() {
    try (var server =
        TestModels.server().maxLength(10_000_000).answerTime(Duration.ofSeconds(2)).start()) {
      var client = new Client(server);
      Client.Answer late = client.post("/v1/sample", "{" + ENDLESS + "}");
      assertThat(late.status()).as(late.text()).isEqualTo(503);
      assertThat(late.text()).contains("took longer than it may; send less at once");
      assertThat(late.response().headers().firstValue("Retry-After")).contains("1");
      assertThat(client.post("/v1/score", "{\"text\":\"anna\"}").status()).isEqualTo(200);
    }
  }

  /** The status has been sent with the first event. */
  @Test
  void aStreamThatTakesTooLongEndsWithTheError() {
    try (var server =
        TestModels.server().maxLength(10_000_000).answerTime(Duration.ofSeconds(2)).start()) {
      var late = new Client(server).post("/v1/sample", "{" + ENDLESS + ",\"stream\":true}");
      assertThat(late.status()).isEqualTo(200);
      List<String> events = late.text().lines().filter(line -> !line.isEmpty()).toList();
      assertThat(events).hasSizeGreaterThan(1).doesNotContain("data: [DONE]");
      JsonNode last = Client.read(events.getLast().substring("data: ".length()));
      assertThat(last.get("status").intValue()).isEqualTo(503);
      assertThat(last.get("detail").textValue()).contains("took longer than it may");
    }
  }

  /** What is computed makes batches, or is read. */
  private static void assertNothingIsComputed(Client client) {
    assertThat(client.get("/metrics").text())
        .doesNotContain("unroll_batch_size_count{model=", "unroll_tokens_total{");
  }

  @Test
  void tooManyAlternativesAreRefusedBeforeTheyAreComputed() {
    try (var server = TestModels.server().start()) {
      var client = new Client(server);
      String scored = ",\"perToken\":true,\"alternatives\":20}";
      Client.Answer score =
          client.post("/v1/score", "{\"text\":[\"" + "a".repeat(5000) + "\",\"b\"]" + scored);
      assertThat(score.status()).isEqualTo(413);
      assertThat(score.text()).contains("alternatives × tokens is 100060, at most 100000;");
      String echo = "{\"prompt\":\"" + "a".repeat(2501) + "\",\"n\":2,\"echo\":true,";
      for (String request :
          List.of(
              "{\"n\":128,\"max_tokens\":4096,\"logprobs\":20}",
              "{\"prompt\":[\"a\",\"b\"],\"max_tokens\":4096,\"logprobs\":13,\"stream\":true}",
              echo + "\"max_tokens\":0,\"logprobs\":20}")) {
        Client.Answer completion = client.post("/v1/completions", request);
        assertThat(completion.status()).as(request).isEqualTo(400);
        assertThat(completion.text()).contains("'logprobs' × tokens is ", ", at most 100000.");
        assertThat(completion.json().at("/error/param").textValue()).isEqualTo("logprobs");
      }
      assertNothingIsComputed(client);
      assertThat(client.post("/v1/completions", echo + "\"max_tokens\":0}").status())
          .isEqualTo(200);
    }
  }

  @Test
  void tooManyVectorsAreRefusedBeforeTheyAreComputed() {
    try (var server = TestModels.server().maxInputs(70_000).start()) {
      var client = new Client(server);
      for (String model : List.of("names", "moods")) {
        for (String pooling : List.of("mean", "last")) {
          String many = "\"a\",".repeat(65_000) + "\"a\"";
          String fields = "{\"model\":\"" + model + "\",\"pooling\":\"" + pooling + "\",";
          Client.Answer answer = client.post("/v1/embed", fields + "\"text\":[" + many + "]}");
          assertThat(answer.status()).as(answer.text()).isEqualTo(413);
          assertThat(answer.text()).contains("a vector of each text is ", ", at most 1000000;");
        }
      }
      assertNothingIsComputed(client);
    }
  }

  /** To wait would not help: no other session has to end first. */
  @Test
  void aSessionThatMayNeverBeIsRefusedForGood() {
    try (var small = TestModels.server().sessionMemory(100).start();
        var none = TestModels.server().maxSessions(0).start()) {
      for (String model : List.of("names", "sales")) {
        String body = "{\"model\":\"" + model + "\"}";
        Client.Answer large = new Client(small).post("/v1/sessions", body);
        assertThat(large.text())
            .contains("(100); start the server with --session-memory 1 (in megabytes), or more");
        Client.Answer many = new Client(none).post("/v1/sessions", body);
        assertThat(many.text()).contains("start it with --max-sessions 1, or more");
        for (Client.Answer each : List.of(large, many)) {
          assertThat(each.status()).as(each.text()).isEqualTo(413);
          assertThat(each.response().headers().firstValue("Retry-After")).isEmpty();
        }
      }
    }
  }

  private static long sessionBytes(Client client) {
    var found = Pattern.compile("unroll_session_bytes ([0-9.E]+)");
    var matcher = found.matcher(client.get("/metrics").text());
    assertThat(matcher.find()).isTrue();
    return (long) Double.parseDouble(matcher.group(1));
  }

  @Test
  void statesOfAllSessionsTakeNoMoreThanTheirMemory() {
    String body = "{\"model\":\"names\"}";
    long size;
    try (var server = TestModels.server().start()) {
      var client = new Client(server);
      assertThat(client.post("/v1/sessions", body).status()).isEqualTo(200);
      size = sessionBytes(client);
    }
    try (var server = TestModels.server().sessionMemory(2 * size + size / 2).start()) {
      var client = new Client(server);
      String first = client.post("/v1/sessions", body).json().get("id").textValue();
      String path = "/v1/sessions/" + first;
      assertThat(client.post(path + "/push", "{\"text\":\"anna\"}").status()).isEqualTo(200);
      assertThat(client.post(path + "/fork", "").status()).isEqualTo(200);
      for (Client.Answer each :
          List.of(client.post("/v1/sessions", body), client.post(path + "/fork", ""))) {
        assertThat(each.status()).as(each.text()).isEqualTo(429);
        assertThat(each.text()).contains("there are 2 sessions");
        assertThat(each.response().headers().firstValue("Retry-After")).isPresent();
      }
      assertThat(sessionBytes(client)).isEqualTo(2 * size);
      assertThat(client.send(client.request(path).DELETE()).status()).isEqualTo(200);
      assertThat(client.post("/v1/sessions", body).status()).isEqualTo(200);
    }
  }

  private static final byte[] LIVE =
      "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Sends a request, and waits for the beginning of its answer. */
  private static void assertAnswered(Socket socket) throws Exception {
    byte[] begin = socket.getInputStream().readNBytes(12);
    assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
  }

  @Test
  void furtherConnectionsWaitUntilOneEnds() throws Exception {
    try (var server = TestModels.server().maxConnections(1).start()) {
      var client = new Client(server);
      Socket first = client.socket();
      try (Socket second = client.socket()) {
        first.getOutputStream().write(LIVE);
        assertAnswered(first);
        second.getOutputStream().write(LIVE);
        second.setSoTimeout(200);
        assertThatThrownBy(() -> second.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        first.close();
        second.setSoTimeout(8_000);
        assertAnswered(second);
      }
    }
  }

  /** A request that never ends does not keep the server from it. */
  @Test
  @Timeout(60)
  void theServerEndsWhenTheGracePeriodIsOver() throws Exception {
    var begun = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    var server =
        TestModels.server()
            .engines(model -> new GatedEngine(model, begun, never))
            .grace(Duration.ofMillis(100))
            .start();
    var client = new Client(server);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = threads.submit(() -> client.post("/v1/classify", "{\"text\":\"good\"}"));
      begun.await();
      server.close();
      assertThat(never.getCount()).isOne();
      assertThatThrownBy(() -> client.get("/live"))
          .isInstanceOf(java.io.UncheckedIOException.class);
      never.countDown();
      answer.cancel(true);
    }
  }
}
