package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.Unroll;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.StateBytes;
import dev.unroll.model.StreamState;
import dev.unroll.result.Sampling;
import dev.unroll.server.model.OwnEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that write for a label write for that of each request. */
class GivenTest {

  private static final List<String> TEXTS =
      List.of("anna", "bert", "clara", "dora", "emil", "frieda", "georg", "hanna", "ida", "otto");

  private static final LanguageModel LABELED =
      Unroll.languageModel()
          .characters()
          .data(TEXTS, each -> each, each -> each.length() > 4 ? "long" : "short")
          .lstm(8)
          .epochs(3)
          .train();

  private static final LanguageModel NUMBERED =
      Unroll.languageModel()
          .characters()
          .data(TEXTS, each -> each, each -> each.length() > 4 ? "0.9,0.1" : "0.1,0.9")
          .conditionOnNumbers()
          .lstm(8)
          .epochs(3)
          .train();

  private static final byte[] KEY = new byte[32];

  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    Path file = TestModels.FOLDER.resolve("labeled.safetensors");
    LABELED.save(file);
    Path numbered = TestModels.FOLDER.resolve("numbered.safetensors");
    NUMBERED.save(numbered);
    server =
        TestModels.server()
            .model(file)
            .model(numbered)
            .stateKey(Files.write(TestModels.FOLDER.resolve("given.key"), KEY))
            .reloadEvery(Duration.ZERO)
            .start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static JsonNode ask(String path, String fields) {
    Client.Answer answer = client.post(path, "{\"model\":\"labeled\"," + fields + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void eachRequestIsForItsLabel() {
    for (String label : List.of("long", "short", "long")) {
      LanguageModel model = LABELED.withCondition(label);
      String given = "\"given\":\"" + label + "\",";
      JsonNode score = ask("/v1/score", given + "\"text\":\"anna\"").get("results").get(0);
      assertThat(score.get("logProbability").doubleValue()).isEqualTo(model.score("anna").total());
      JsonNode next = ask("/v1/next", given + "\"prompt\":\"a\"").at("/results/0/next/0");
      assertThat(next.get("probability").doubleValue())
          .isEqualTo(model.next("a", 1).getFirst().probability());
      var options = Sampling.defaults().withLength(8).withSeed(3);
      String drawn = model.sample("a", options, 0).text();
      JsonNode sample = ask("/v1/sample", given + "\"prompt\":\"a\",\"length\":8,\"seed\":3");
      assertThat(sample.at("/results/0/continuation").textValue()).isEqualTo(drawn);
      JsonNode text =
          ask("/v1/completions", given + "\"prompt\":\"a\",\"max_tokens\":8,\"seed\":3");
      assertThat(text.at("/choices/0/text").textValue()).isEqualTo(drawn);
      JsonNode vector = ask("/v1/embed", given + "\"text\":\"a\"").at("/results/0/vector");
      assertThat(vector.get(0).floatValue())
          .isEqualTo(model.step(model.start(), id("a")).layers().getLast().a()[0]);
      assertThat(ask("/v1/embeddings", given + "\"input\":\"a\"").at("/data/0/embedding"))
          .isEqualTo(vector);
    }
  }

  private static int id(String letter) {
    return LABELED.tokenizer().encode(letter)[0];
  }

  /** Also after its model was loaded again. */
  @Test
  void aSessionIsForTheLabelOfItsBeginning() {
    String id = ask("/v1/sessions", "\"given\":\"long\"").get("id").textValue();
    String path = "/v1/sessions/" + id + "/push";
    assertThat(client.post(path, "{\"text\":\"a\"}").status()).isEqualTo(200);
    assertThat(client.post("/v1/models/labeled/reload", "").status()).isEqualTo(200);
    JsonNode next = client.post(path, "{\"text\":\"n\"}").json().at("/next/0");
    assertThat(next.get("probability").doubleValue())
        .isEqualTo(LABELED.withCondition("long").next("an", 1).getFirst().probability());
  }

  private static Client.Answer open(String model, String given, String state) {
    String named = given.isEmpty() ? "" : "\"given\":\"" + given + "\",";
    return client.post(
        "/v1/sessions", "{\"model\":\"" + model + "\"," + named + "\"state\":\"" + state + "\"}");
  }

  /** A state of another label would have gone on with numbers that are no one's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"labeled|long|long|short", "numbered|0.9,0.1|9e-1 0.10|0.1,0.9"})
  void aSavedStateGoesOnForWhatItWasWritten(
      String model, String given, String same, String another) {
    String begin = "{\"model\":\"" + model + "\",\"given\":\"" + given + "\"}";
    String id = client.post("/v1/sessions", begin).json().get("id").textValue();
    String path = "/v1/sessions/" + id;
    assertThat(client.post(path + "/push", "{\"text\":\"a\"}").status()).isEqualTo(200);
    String state = client.post(path + "/save", "").json().get("state").textValue();
    JsonNode wanted = client.post(path + "/push", "{\"text\":\"n\"}").json();
    for (String named : List.of("", given, same)) {
      Client.Answer opened = open(model, named, state);
      assertThat(opened.status()).as(opened.text()).isEqualTo(200);
      String again = "/v1/sessions/" + opened.json().get("id").textValue() + "/push";
      assertThat(client.post(again, "{\"text\":\"n\"}").json()).isEqualTo(wanted);
    }
    Client.Answer other = open(model, another, state);
    assertThat(other.status()).as(other.text()).isEqualTo(422);
    assertThat(other.text()).contains("leave given out to continue so", "\"field\":\"given\"");
  }

  /** As versions before 0.3.0 saved it. */
  @Test
  void aSavedStateThatSaysNotForWhatIsRefused() throws GeneralSecurityException {
    var state = new StreamState.OfTokens(0, LABELED.withCondition("long").start());
    byte[] bytes = StateBytes.write(state, LABELED.fingerprint());
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    byte[] signed =
        ByteBuffer.allocate(bytes.length + 32).put(bytes).put(mac.doFinal(bytes)).array();
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    Client.Answer named = open("labeled", "long", token);
    assertThat(named.status()).isEqualTo(422);
    assertThat(named.text()).contains("does not say what it was written for");
    Client.Answer unnamed = open("labeled", "", token);
    assertThat(unnamed.status()).isEqualTo(422);
    assertThat(unnamed.text()).contains("given is one of long, short");
  }

  private static UnrollServer.Builder numbered() {
    return UnrollServer.builder()
        .model(TestModels.FOLDER.resolve("numbered.safetensors"))
        .port(0)
        .accessLog(line -> {});
  }

  private static String sample(String given, int count) {
    return "{\"given\":\"%s\",\"prompt\":\"an\",\"length\":9,\"stopAtEnd\":false,\"count\":%d}"
        .formatted(given, count);
  }

  /** What is given does not lift the limits of a model. */
  @Test
  @Timeout(120)
  void textsForDifferentVectorsShareThreadsAndTheQueue() throws Exception {
    Set<Thread> writers = ConcurrentHashMap.newKeySet();
    var begun = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    try (var limited =
            numbered()
                .threads(1)
                .queue(8)
                .engines(model -> GatedEngine.reading(model, writers, begun, gate))
                .start();
        var requests = Executors.newVirtualThreadPerTaskExecutor()) {
      var asking = new Client(limited);
      var answers = new ExecutorCompletionService<Client.Answer>(requests);
      answers.submit(() -> asking.post("/v1/sample", sample("0.1,0.5", 1)));
      begun.await(); // a thread has it; what comes now waits
      answers.submit(() -> asking.post("/v1/sample", sample("0.2,0.5", 8)));
      answers.submit(() -> asking.post("/v1/sample", sample("0.3,0.5", 4)));
      Client.Answer refused = answers.take().get();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.text()).contains("too many texts wait already");
      gate.countDown();
      for (int i = 0; i < 2; i++) {
        Client.Answer answer = answers.take().get();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      }
    }
    assertThat(writers).hasSize(1);
  }

  /** Texts in a batch have the same bits as alone, and many vectors share a few buffers. */
  @Test
  void textsForDifferentVectorsAreWrittenTogether() throws Exception {
    var options = Sampling.defaults().withLength(9).withSeed(1).pastEnd();
    try (var limited = numbered().threads(1).start();
        var requests = Executors.newVirtualThreadPerTaskExecutor()) {
      var asking = new Client(limited);
      var answers = new LinkedHashMap<Float, Future<Client.Answer>>();
      for (int i = 0; i < 30; i++) {
        String given = i + ",0.5";
        answers.put((float) i, requests.submit(() -> asking.post("/v1/sample", sample(given, 3))));
      }
      for (var each : answers.entrySet()) {
        LanguageModel model = NUMBERED.withCondition(new float[] {each.getKey(), 0.5f});
        JsonNode results = each.getValue().get().results();
        for (int n = 0; n < 3; n++) {
          assertThat(results.get(n).get("continuation").textValue())
              .isEqualTo(model.sample("an", options, n).text());
        }
      }
    }
  }

  @Test
  void theSameNumbersAreTheSameModel() {
    var created = new AtomicInteger();
    try (var counted =
        numbered()
            .engines(
                model -> {
                  created.incrementAndGet();
                  return new OwnEngine(model);
                })
            .start()) {
      for (String given : List.of("1,-0.5", "1.0 -5e-1", " 1 ; -0.50 ")) {
        String body = "{\"given\":\"" + given + "\",\"text\":\"a\"}";
        assertThat(new Client(counted).post("/v1/score", body).status()).isEqualTo(200);
      }
    }
    assertThat(created).hasValue(2); // one without numbers, and one with them
  }

  @Test
  void whatIsNotGivenOrNotWrittenForIsSaid() {
    for (String request :
        List.of(
            "/v1/score {\"text\":\"a\",",
            "/v1/next {\"prompt\":\"a\",",
            "/v1/sample {",
            "/v1/embed {\"text\":\"a\",",
            "/v1/sessions {")) {
      String[] parts = request.split(" ", 2);
      String body = parts[1] + "\"model\":\"labeled\"";
      Client.Answer none = client.post(parts[0], body + "}");
      assertThat(none.status()).as(request).isEqualTo(422);
      assertThat(none.text()).contains("given is one of long, short\"", "\"field\":\"given\"");
      Client.Answer other = client.post(parts[0], body + ",\"given\":\"tall\"}");
      assertThat(other.status()).isEqualTo(422);
      assertThat(other.text()).contains("does not write for «tall»", "long, short");
      String unlabeled = body.replace("labeled", "names") + ",\"given\":\"long\"}";
      Client.Answer useless = client.post(parts[0], unlabeled);
      assertThat(useless.status()).isEqualTo(422);
      assertThat(useless.text()).contains("names does not write for a label; leave given out");
    }
    Client.Answer completion = client.post("/v1/completions", "{\"model\":\"labeled\"}");
    assertThat(completion.status()).isEqualTo(400);
    assertThat(completion.json().at("/error/param").textValue()).isEqualTo("given");
  }
}
