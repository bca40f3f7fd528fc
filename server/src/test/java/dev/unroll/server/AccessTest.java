package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who may ask, what is noted, and how it ends. */
class AccessTest {

  private static final String TOKEN = "correct-horse-battery-staple";

  private static Path tokens() throws IOException {
    return Files.writeString(
        TestModels.FOLDER.resolve("tokens"), "# ours\n\n" + TOKEN + "\nanother-token-of-theirs\n");
  }

  private static int status(Client client, String path, String header) {
    HttpRequest.Builder request = client.request(path).GET();
    if (!header.isEmpty()) {
      request.header("Authorization", header);
    }
    return client.send(request).status();
  }

  @Test
  void onlyThoseWithATokenAreAnswered() throws IOException {
    var log = Collections.synchronizedList(new ArrayList<String>());
    try (var server = TestModels.server().tokenFile(tokens()).accessLog(log::add).start()) {
      var client = new Client(server);
      assertThat(status(client, "/v1/models", "Bearer " + TOKEN)).isEqualTo(200);
      assertThat(status(client, "/v1/models", "bearer another-token-of-theirs")).isEqualTo(200);
      for (String wrong :
          List.of(
              "", "Bearer ", "Bearer " + TOKEN + "x", "Bearer correct", "Basic " + TOKEN, TOKEN)) {
        assertThat(status(client, "/v1/models", wrong)).as(wrong).isEqualTo(401);
        assertThat(status(client, "/metrics", wrong)).isEqualTo(401);
        assertThat(status(client, "/nowhere", wrong)).isEqualTo(401);
      }
      assertThat(status(client, "/live", "")).isEqualTo(200);
      assertThat(status(client, "/ready", "")).isEqualTo(200);
      assertThat(String.join("\n", log)).doesNotContain("correct").doesNotContain("another-token");
    }
  }

  /** Clients of OpenAI look for its error, even where they are not let in. */
  @Test
  void strangersReadWhatTheyUnderstand() throws IOException {
    try (var server = TestModels.server().tokenFile(tokens()).start()) {
      var client = new Client(server);
      for (var answer : List.of(client.post("/v1/completions", "{}"), client.get("/v1/models"))) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().get("error").get("code").textValue()).isEqualTo("invalid_api_key");
      }
      assertThat(client.get("/v1/none").json().has("error")).isFalse();
    }
  }

  @Test
  void otherAddressesNeedATokenOrConsent() throws IOException {
    assertThatThrownBy(() -> TestModels.server().host("0.0.0.0").start())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("anybody who reaches 0.0.0.0");
    TestModels.server().host("0.0.0.0").noToken().start().close();
    TestModels.server().host("0.0.0.0").tokenFile(tokens()).start().close();
    assertThatThrownBy(
            () ->
                TestModels.server()
                    .tokenFile(Files.writeString(TestModels.FOLDER.resolve("short"), "secret\n")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a token of at least 16");
  }

  @Test
  void tokensAreReadAgainWhenTheyAreReplaced() throws IOException {
    Path file = Files.writeString(TestModels.FOLDER.resolve("rotated"), TOKEN);
    try (var server =
        TestModels.server().tokenFile(file).reloadEvery(Duration.ofMillis(20)).start()) {
      var client = new Client(server);
      Files.writeString(file, "short");
      Files.writeString(file, "a-newer-token-than-that\n");
      while (status(client, "/v1/models", "Bearer a-newer-token-than-that") != 200) {
        Thread.onSpinWait();
      }
      assertThat(status(client, "/v1/models", "Bearer " + TOKEN)).isEqualTo(401);
      Files.delete(file);
      Files.writeString(file, "\n");
      assertThat(status(client, "/v1/models", "Bearer a-newer-token-than-that")).isEqualTo(200);
      assertThat(status(client, "/v1/models", "Bearer ")).isEqualTo(401);
    }
  }

  @Test
  void textsAreLoggedOnlyWhereTheyAreAskedFor() {
    for (boolean asked : new boolean[] {false, true}) {
      var log = Collections.synchronizedList(new ArrayList<String>());
      UnrollServer.Builder builder = TestModels.server().accessLog(log::add);
      try (var server = (asked ? builder.logTexts() : builder).start()) {
        var client = new Client(server);
        client.send(
            client
                .request("/v1/classify")
                .header("Content-Type", "application/json")
                .header("X-Request-Id", "mine-1")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"a secret\"}")));
      } // which waits for the request to be noted
      assertThat(log).hasSize(1);
      assertThat(log.getFirst())
          .contains(
              "\"id\":\"mine-1\"",
              "\"path\":\"/v1/classify\"",
              "\"model\":\"moods\"",
              "\"status\":200");
      assertThat(log.getFirst().contains("a secret")).isEqualTo(asked);
    }
  }

  @Test
  void requestsThatRunAreAnsweredWhenTheServerEnds() throws Exception {
    var noted = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var server =
        TestModels.server()
            .engines(model -> new GatedEngine(model, begun, gate))
            .grace(Duration.ofSeconds(30))
            .accessLog(line -> noted.countDown())
            .start();
    var client = new Client(server);
    var late = new Client(server); // a connection that is open may still be answered, no new one
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = threads.submit(() -> client.post("/v1/classify", "{\"text\":\"good\"}"));
      begun.await();
      var end = threads.submit(server::close);
      while (client.get("/ready").status() == 200) {
        Thread.onSpinWait();
      }
      assertThat(client.post("/v1/classify", "{\"text\":\"good\"}").status()).isEqualTo(503);
      gate.countDown();
      end.get();
      assertThat(answer.get().status()).isEqualTo(200);
    }
    assertThat(noted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> late.get("/live")).isInstanceOf(java.io.UncheckedIOException.class);
  }
}
