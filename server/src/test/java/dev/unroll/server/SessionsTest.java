package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions go on between requests, can be copied and kept, and end by themselves. */
class SessionsTest {

  private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.EPOCH);

  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    server =
        TestModels.server()
            .maxSessions(5)
            .sessionTime(Duration.ofMinutes(10))
            .clock(NOW::get)
            .start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static void expireAll() {
    NOW.updateAndGet(now -> now.plus(Duration.ofHours(1)));
  }

  private static String open(String body) {
    Client.Answer answer = client.post("/v1/sessions", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("id").textValue();
  }

  private static JsonNode push(String id, String body) {
    Client.Answer answer = client.post("/v1/sessions/" + id + "/push", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void tokensArePushedStepByStep() {
    expireAll();
    String id = open("{\"model\":\"names\"}");
    push(id, "{\"text\":\"a\"}");
    JsonNode answer = push(id, "{\"text\":\"n\",\"count\":3}");
    assertThat(answer.get("steps").intValue()).isEqualTo(2);
    var wanted = TestModels.LM.next("an", 3);
    for (int i = 0; i < 3; i++) {
      assertThat(answer.get("next").get(i).get("probability").doubleValue())
          .isEqualTo(wanted.get(i).probability());
    }
    assertThat(answer.get("tokens").get(0).get("logProbability").doubleValue())
        .isEqualTo(TestModels.LM.score("an").logProbabilities().get(1));
  }

  @Test
  void aForkGoesItsOwnWay() {
    expireAll();
    String id = open("{\"model\":\"names\"}");
    push(id, "{\"text\":\"a\"}");
    String fork = client.post("/v1/sessions/" + id + "/fork", "").json().get("id").textValue();
    push(fork, "{\"text\":\"zzz\"}");
    assertThat(push(id, "{\"text\":\"n\"}").get("next").get(0).get("probability").doubleValue())
        .isEqualTo(TestModels.LM.next("an", 1).getFirst().probability());
  }

  @Test
  void aSavedStateIsRestored() {
    expireAll();
    String id = open("{\"model\":\"names\"}");
    push(id, "{\"text\":\"a\"}");
    String state = client.post("/v1/sessions/" + id + "/save", "").json().get("state").textValue();
    client.send(client.request("/v1/sessions/" + id).DELETE());
    assertThat(client.get("/v1/sessions/" + id).status()).isEqualTo(404);
    String again = open("{\"model\":\"names\",\"state\":\"" + state + "\"}");
    assertThat(push(again, "{\"text\":\"n\"}").get("next").get(0).get("probability").doubleValue())
        .isEqualTo(TestModels.LM.next("an", 1).getFirst().probability());
  }

  /** What a server has written is no text that a model reads. */
  @Test
  void aStateMayBeLongerThanATextAndIsBounded() {
    try (var other = TestModels.server().maxText(10).maxBody(1 << 25).start()) {
      var own = new Client(other);
      String id = own.post("/v1/sessions", "{\"model\":\"names\"}").json().get("id").textValue();
      String state = own.post("/v1/sessions/" + id + "/save", "").json().get("state").textValue();
      String body = "{\"model\":\"names\",\"state\":\"";
      assertThat(own.post("/v1/sessions", body + state + "\"}").status()).isEqualTo(200);
      Client.Answer large = own.post("/v1/sessions", body + "A".repeat((1 << 24) + 1) + "\"}");
      assertThat(large.status()).isEqualTo(413);
      assertThat(large.text()).contains("state has");
    }
  }

  @Test
  void forgedAndForeignStatesAreRefused() {
    expireAll();
    String id = open("{\"model\":\"names\"}");
    String state = client.post("/v1/sessions/" + id + "/save", "").json().get("state").textValue();
    for (int i : new int[] {0, 10, state.length() / 2, state.length() - 3}) {
      char other = state.charAt(i) == 'A' ? 'B' : 'A';
      String forged = state.substring(0, i) + other + state.substring(i + 1);
      assertThat(
              client
                  .post("/v1/sessions", "{\"model\":\"names\",\"state\":\"" + forged + "\"}")
                  .status())
          .isEqualTo(422);
    }
    assertThat(
            client.post("/v1/sessions", "{\"model\":\"sales\",\"state\":\"" + state + "\"}").text())
        .contains("another model");
    assertThat(client.post("/v1/sessions", "{\"model\":\"names\",\"state\":\"\"}").status())
        .isEqualTo(422);
  }

  @Test
  void rowsArePushedToAForecaster() {
    expireAll();
    String id = open("{\"model\":\"sales\"}");
    var stream = TestModels.FORECASTER.stream();
    for (int i = 0; i < 10; i++) {
      double row = 5 + Math.cos(i);
      stream.read(row);
      JsonNode answer = push(id, "{\"rows\":[[" + row + "]]}");
      if (stream.isReady()) {
        JsonNode found = answer.get("results").get(0);
        var wanted = stream.next().rows().getFirst();
        String target = wanted.values().keySet().iterator().next();
        assertThat(found.get(target).get("forecast").doubleValue()).isEqualTo(wanted.point());
        assertThat(found.get("row").textValue()).isEqualTo(wanted.time());
      } else {
        assertThat(answer.has("results")).isFalse();
      }
    }
    String state = client.post("/v1/sessions/" + id + "/save", "").json().get("state").textValue();
    String again = open("{\"model\":\"sales\",\"state\":\"" + state + "\"}");
    stream.read(5);
    JsonNode found = push(again, "{\"rows\":[[5]]}").get("results").get(0);
    var wanted = stream.next().rows().getFirst();
    assertThat(found.get("row").textValue()).isEqualTo(wanted.time());
    assertThat(found.get("value").get("forecast").doubleValue()).isEqualTo(wanted.point());
  }

  @Test
  void aPushThatFailsChangesNothing() {
    expireAll();
    String id = open("{\"model\":\"sales\"}");
    assertThat(
            client.post("/v1/sessions/" + id + "/push", "{\"rows\":[[1]],\"levels\":[0]}").text())
        .contains("levels has 0.0, must be between 0 and 1");
    assertThat(client.post("/v1/sessions/" + id + "/push", "{\"rows\":[[1],[1,2]]}").status())
        .isEqualTo(422);
    assertThat(client.get("/v1/sessions/" + id).json().get("steps").intValue()).isZero();
    assertThat(client.post("/v1/sessions/" + id + "/push", "{\"text\":\"a\"}").status())
        .isEqualTo(422);
  }

  @Test
  void idleSessionsExpireAndTheirNumberIsBounded() {
    expireAll();
    String first = open("{\"model\":\"names\"}");
    NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(4).plusMillis(1)));
    for (int i = 1; i < 5; i++) {
      open("{\"model\":\"names\"}");
    }
    Client.Answer refused = client.post("/v1/sessions", "{\"model\":\"names\"}");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.response().headers().firstValue("Retry-After")).contains("360");
    NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(6)));
    assertThat(client.get("/v1/sessions/" + first).status()).isEqualTo(404);
    open("{\"model\":\"names\"}");
  }

  /** Servers with the same key take over each other's sessions, those with another do not. */
  @Test
  void statesGoToServersWithTheSameKey() throws IOException {
    expireAll();
    Path one = key("one", 1);
    String state;
    double wanted = TestModels.LM.next("an", 1).getFirst().probability();
    try (var first = TestModels.server().stateKey(one).start()) {
      var own = new Client(first);
      String id = own.post("/v1/sessions", "{\"model\":\"names\"}").json().get("id").textValue();
      own.post("/v1/sessions/" + id + "/push", "{\"text\":\"a\"}");
      state = own.post("/v1/sessions/" + id + "/save", "").json().get("state").textValue();
    }
    String body = "{\"model\":\"names\",\"state\":\"" + state + "\"}";
    try (var second = TestModels.server().stateKey(one).start();
        var other = TestModels.server().stateKey(key("other", 2)).start()) {
      var own = new Client(second);
      String id = own.post("/v1/sessions", body).json().get("id").textValue();
      JsonNode next = own.post("/v1/sessions/" + id + "/push", "{\"text\":\"n\"}").json();
      assertThat(next.get("next").get(0).get("probability").doubleValue()).isEqualTo(wanted);
      assertThat(new Client(other).post("/v1/sessions", body).status()).isEqualTo(422);
    }
    assertThat(client.post("/v1/sessions", body).status()).isEqualTo(422); // a key of its own
    assertThatThrownBy(() -> TestModels.server().stateKey(key("short", 31, 31)).start())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("fewer than 32 bytes");
  }

  private static Path key(String name, int... bytes) throws IOException {
    byte[] key = new byte[bytes.length == 1 ? 32 : bytes[1]];
    Arrays.fill(key, (byte) bytes[0]);
    return Files.write(TestModels.FOLDER.resolve(name + ".key"), key);
  }

  /** A long text of one session and short ones of others have the bits of each by itself. */
  @Test
  void pushesOfManySessionsRunTogether() {
    expireAll();
    String text = "anna bert clara ".repeat(20);
    String first = open("{\"model\":\"names\"}");
    String second = open("{\"model\":\"names\"}");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(() -> push(first, "{\"text\":\"" + text + "\"}"));
      for (char letter : "anna".toCharArray()) {
        push(second, "{\"text\":\"" + letter + "\"}");
      }
      JsonNode tokens = one.get().get("tokens");
      var wanted = TestModels.LM.score(text).logProbabilities();
      assertThat(tokens.size()).isEqualTo(text.length());
      for (int t = 0; t < tokens.size(); t++) {
        assertThat(tokens.get(t).get("logProbability").doubleValue()).isEqualTo(wanted.get(t));
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    assertThat(client.get("/v1/sessions/" + second).json().get("steps").intValue()).isEqualTo(4);
  }

  @Test
  void modelsThatReadWholeInputsHaveNoSessions() {
    assertThat(client.post("/v1/sessions", "{\"model\":\"moods\"}").status()).isEqualTo(422);
    String which = client.post("/v1/sessions", "{}").text();
    assertThat(which).contains("model is one of names, sales\"", "\"field\":\"model\"");
    try (var other = UnrollServer.builder().model(TestModels.path("moods")).port(0).start()) {
      assertThat(new Client(other).post("/v1/sessions", "{}").text())
          .contains("no model of the task is served; models are moods");
    }
  }
}
