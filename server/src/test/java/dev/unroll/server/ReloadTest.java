package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.model.LanguageModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model file that is replaced replaces its model, and nobody notices. */
class ReloadTest {

  private static final LanguageModel OTHER =
      Unroll.languageModel()
          .characters()
          .sentences()
          .lines(List.of("xaver", "yvonne", "zoe", "quirin"))
          .lstm(8)
          .epochs(2)
          .train();

  private static final LanguageModel THIRD =
      Unroll.languageModel()
          .characters()
          .sentences()
          .lines(List.of("anna", "wolf"))
          .lstm(6)
          .epochs(1)
          .train();

  @Test
  void aReplacedFileIsServedWithoutARequestThatFails(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("m.safetensors");
    TestModels.LM.save(file);
    try (var server =
            UnrollServer.builder()
                .model(file)
                .port(0)
                .accessLog(line -> {})
                .reloadEvery(Duration.ofMillis(20))
                .start();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var client = new Client(server);
      String id = client.post("/v1/sessions", "{}").json().get("id").textValue();
      var ends = new AtomicBoolean();
      var done = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 4; i++) {
        done.add(threads.submit(() -> ask(client, ends)));
      }
      Path beside = folder.resolve("beside");
      OTHER.save(beside);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      double wanted = OTHER.score("zoe").total();
      while (client
              .post("/v1/score", "{\"text\":\"zoe\"}")
              .results()
              .get(0)
              .get("logProbability")
              .doubleValue()
          != wanted) {
        Thread.onSpinWait();
      }
      ends.set(true);
      for (Future<Boolean> each : done) {
        assertThat(each.get()).isTrue();
      }
      // the session has its old model
      assertThat(
              client
                  .post("/v1/sessions/" + id + "/push", "{\"text\":\"an\"}")
                  .json()
                  .get("next")
                  .get(0)
                  .get("probability")
                  .doubleValue())
          .isEqualTo(TestModels.LM.next("an", 1).getFirst().probability());
    }
  }

  private static void replace(Client client, LanguageModel by, Path file) {
    by.save(file);
    assertThat(client.post("/v1/models/m/reload", "").status()).isEqualTo(200);
  }

  private static double push(Client client, String id) {
    Client.Answer answer = client.post("/v1/sessions/" + id + "/push", "{\"text\":\"an\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("tokens").get(1).get("logProbability").doubleValue();
  }

  /** Of each name there are two models at most, however often it is loaded. */
  @Test
  void sessionsOutliveOneOtherModelAndNotTwo(@TempDir Path folder) {
    Path file = folder.resolve("m.safetensors");
    TestModels.LM.save(file);
    try (var server =
        UnrollServer.builder()
            .model(file)
            .port(0)
            .accessLog(line -> {})
            .reloadEvery(Duration.ZERO)
            .start()) {
      var client = new Client(server);
      String first = client.post("/v1/sessions", "{}").json().get("id").textValue();
      double wanted = TestModels.LM.score("an").logProbabilities().get(1);
      assertThat(push(client, first)).isEqualTo(wanted);
      replace(client, OTHER, file);
      replace(client, OTHER, file);
      replace(client, TestModels.LM, file); // the same two
      replace(client, OTHER, file);
      String second = client.post("/v1/sessions", "{}").json().get("id").textValue();
      assertThat(client.get("/v1/sessions/" + first).json().get("steps").intValue()).isEqualTo(2);
      replace(client, THIRD, file);
      Client.Answer gone = client.post("/v1/sessions/" + first + "/push", "{\"text\":\"an\"}");
      assertThat(gone.status()).isEqualTo(410);
      assertThat(gone.text()).contains("replaced");
      assertThat(push(client, second)).isEqualTo(OTHER.score("an").logProbabilities().get(1));
    }
  }

  private static boolean ask(Client client, AtomicBoolean ends) {
    double before = TestModels.LM.score("zoe").total();
    double after = OTHER.score("zoe").total();
    while (!ends.get()) {
      Client.Answer answer = client.post("/v1/score", "{\"text\":\"zoe\"}");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.results().get(0).get("logProbability").doubleValue()).isIn(before, after);
      Client.Answer drawn = client.post("/v1/sample", "{\"length\":5}");
      assertThat(drawn.status()).as(drawn.text()).isEqualTo(200);
    }
    return true;
  }

  @Test
  void aDamagedFileLeavesTheOldModel(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("m.safetensors");
    TestModels.LM.save(file);
    try (var server =
        UnrollServer.builder()
            .model(file)
            .port(0)
            .accessLog(line -> {})
            .reloadEvery(Duration.ZERO)
            .start()) {
      var client = new Client(server);
      Files.writeString(file, "no model");
      Client.Answer refused = client.post("/v1/models/m/reload", "");
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.text()).doesNotContain(folder.toString());
      assertThat(client.post("/v1/score", "{\"text\":\"a\"}").status()).isEqualTo(200);
      OTHER.save(file);
      assertThat(client.post("/v1/models/m/reload", "").status()).isEqualTo(200);
      assertThat(
              client
                  .post("/v1/score", "{\"text\":\"zoe\"}")
                  .results()
                  .get(0)
                  .get("logProbability")
                  .doubleValue())
          .isEqualTo(OTHER.score("zoe").total());
    }
  }
}
