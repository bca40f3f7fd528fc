package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.model.LanguageModel;
import dev.unroll.server.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
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

  @TempDir private Path folder;

  /** Serves a model whose file is checked at this interval; never where it is zero. */
  private UnrollServer serve(Duration reloadEvery) {
    TestModels.LM.save(file());
    return UnrollServer.builder()
        .model(file())
        .port(0)
        .accessLog(line -> {})
        .reloadEvery(reloadEvery)
        .start();
  }

  private Path file() {
    return folder.resolve("m.safetensors");
  }

  private static double logProbability(Client client, String text) {
    Client.Answer answer = client.post("/v1/score", "{\"text\":\"" + text + "\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.results().get(0).get("logProbability").doubleValue();
  }

  @Test
  void aReplacedFileIsServedWithoutARequestThatFails() throws Exception {
    try (var server = serve(Duration.ofMillis(20));
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
      Files.move(beside, file(), StandardCopyOption.ATOMIC_MOVE);
      double wanted = OTHER.score("zoe").total();
      while (logProbability(client, "zoe") != wanted) {
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

  private void replace(Client client, LanguageModel by) {
    by.save(file());
    assertThat(client.post("/v1/models/m/reload", "").status()).isEqualTo(200);
  }

  private static double push(Client client, String id) {
    Client.Answer answer = client.post("/v1/sessions/" + id + "/push", "{\"text\":\"an\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("tokens").get(1).get("logProbability").doubleValue();
  }

  /** Of each name there are two models at most, however often it is loaded. */
  @Test
  void sessionsOutliveOneOtherModelAndNotTwo() {
    try (var server = serve(Duration.ZERO)) {
      var client = new Client(server);
      String first = client.post("/v1/sessions", "{}").json().get("id").textValue();
      double wanted = TestModels.LM.score("an").logProbabilities().get(1);
      assertThat(push(client, first)).isEqualTo(wanted);
      replace(client, OTHER);
      replace(client, OTHER);
      replace(client, TestModels.LM); // the same two
      replace(client, OTHER);
      String second = client.post("/v1/sessions", "{}").json().get("id").textValue();
      assertThat(client.get("/v1/sessions/" + first).json().get("steps").intValue()).isEqualTo(2);
      replace(client, THIRD);
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
      assertThat(logProbability(client, "zoe")).isIn(before, after);
      Client.Answer drawn = client.post("/v1/sample", "{\"length\":5}");
      assertThat(drawn.status()).as(drawn.text()).isEqualTo(200);
    }
    return true;
  }

  /** It is tried once, and what follows it is served. */
  @Test
  void aDamagedFileOnDiskIsPassedOver() throws Exception {
    var warned = new CountDownLatch(1);
    Logger log = Logger.getLogger(Models.class.getName());
    Filter before = log.getFilter();
    log.setFilter(
        told -> {
          if (told.getLevel() == Level.WARNING && told.getMessage().contains("the old one stays")) {
            warned.countDown();
          }
          return false;
        });
    try (var server = serve(Duration.ofMillis(20))) {
      var client = new Client(server);
      Path beside = Files.writeString(folder.resolve("beside"), "no model");
      Files.move(beside, file(), StandardCopyOption.ATOMIC_MOVE);
      assertThat(warned.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(logProbability(client, "zoe")).isEqualTo(TestModels.LM.score("zoe").total());
      OTHER.save(beside);
      Files.move(beside, file(), StandardCopyOption.ATOMIC_MOVE);
      double wanted = OTHER.score("zoe").total();
      while (logProbability(client, "zoe") != wanted) {
        Thread.onSpinWait();
      }
    } finally {
      log.setFilter(before);
    }
  }

  @Test
  void aDamagedFileLeavesTheOldModel() throws Exception {
    try (var server = serve(Duration.ZERO)) {
      var client = new Client(server);
      Files.writeString(file(), "no model");
      Client.Answer refused = client.post("/v1/models/m/reload", "");
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.text()).doesNotContain(folder.toString());
      assertThat(logProbability(client, "zoe")).isEqualTo(TestModels.LM.score("zoe").total());
      replace(client, OTHER);
      assertThat(logProbability(client, "zoe")).isEqualTo(OTHER.score("zoe").total());
    }
  }
}
