package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.base.Workers;
import dev.unroll.result.Sampling;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.model.BatchKey;
import dev.unroll.server.model.Batcher;
import dev.unroll.server.model.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests that run together have the same bits as alone. */
class BatchingTest {

  private static final int CLIENTS = 24;
  private static final int REQUESTS = 8;

  private static String text(int number) {
    return "good bad food room anna ".substring(number % 20) + "bert ".repeat(number % 7) + number;
  }

  private static <T> void together(List<Callable<T>> tasks) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(tasks)) {
        done.get(); // throws what the task threw
      }
    }
  }

  @Test
  void answersUnderLoadHaveTheBitsOfTheLibraryAlone() throws Exception {
    try (var server =
        TestModels.server().batchWait(Duration.ofMillis(20)).batchSize(16).threads(2).start()) {
      var client = new Client(server);
      var tasks = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < CLIENTS; i++) {
        int own = i;
        tasks.add(
            () -> {
              for (int j = 0; j < REQUESTS; j++) {
                ask(client, own * REQUESTS + j);
              }
              return true;
            });
      }
      together(tasks);
      String metrics = client.get("/metrics").text();
      assertThat(value(metrics, "unroll_batch_size_max\\{model=\"moods\"}")).isGreaterThan(1);
      assertThat(value(metrics, "unroll_batch_size_max\\{model=\"names\"}")).isGreaterThan(1);
    }
  }

  private static double value(String metrics, String name) {
    var found = Pattern.compile(name + " ([0-9.]+)").matcher(metrics);
    assertThat(found.find()).as(name).isTrue();
    return Double.parseDouble(found.group(1));
  }

  private static void ask(Client client, int number) {
    String text = text(number);
    switch (number % 3) {
      case 0 -> {
        JsonNode found =
            client
                .post("/v1/classify", "{\"text\":\"" + text + "\",\"probabilities\":true}")
                .results()
                .get(0);
        double wanted =
            TestModels.CLASSIFIER
                .classify(List.of(text), Workers.single())
                .getFirst()
                .probability("good");
        assertThat(found.get("probabilities").get("good").doubleValue()).isEqualTo(wanted);
      }
      case 1 -> {
        JsonNode found = client.post("/v1/score", "{\"text\":\"" + text + "\"}").results().get(0);
        assertThat(found.get("logProbability").doubleValue())
            .isEqualTo(TestModels.LM.score(text).total());
      }
      default -> {
        String body =
            "{\"prompt\":\"an\",\"length\":30,\"stopAtEnd\":false,\"temperature\":1.2,\"seed\":"
                + number
                + "}";
        JsonNode found = client.post("/v1/sample", body).results().get(0);
        var options = Sampling.temperature(1.2).withLength(30).withSeed(number).pastEnd();
        var wanted = TestModels.LM.sample("an", options, 0);
        assertThat(found.get("continuation").textValue()).isEqualTo(wanted.text());
        assertThat(found.get("logProbability").doubleValue()).isEqualTo(wanted.logProbability());
      }
    }
  }

  @Test
  void theFaultOfOneInputIsNotThatOfOthers() throws Exception {
    try (var server = TestModels.server().batchWait(Duration.ofMillis(200)).start()) {
      var client = new Client(server);
      together(
          List.of(
              () ->
                  assertThat(client.post("/v1/regress", "{\"text\":\"good\"}").status())
                      .isEqualTo(200),
              () ->
                  assertThat(client.post("/v1/regress", "{\"text\":\" \"}").status())
                      .isEqualTo(422)));
    }
  }

  /** Nobody is on the way, so that there is nothing to wait for. */
  @Test
  void theOnlyRequestDoesNotWaitForOthers() {
    try (var batcher =
        new Batcher(new Batcher.Limits(Duration.ofDays(1), 8, 100, 1), new Metrics())) {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      var key = new BatchKey("m", this, "way");
      assertThat(batcher.run(key, List.of("a"), inputs -> inputs, deadline)).containsExactly("a");
    }
  }

  /** As long as the third request is on its way, the first waits for the second. */
  @Test
  void requestsWaitForThoseThatAreOnTheirWay() throws Exception {
    try (var server =
        TestModels.server().batchWait(Duration.ofSeconds(1)).batchSize(2).threads(1).start()) {
      var client = new Client(server);
      try (var slow = client.socket()) {
        slow.getOutputStream()
            .write(
                ("POST /v1/score HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
        while (value(client.get("/metrics").text(), "unroll_requests_running") < 2) {
          Thread.onSpinWait();
        }
        Callable<Client.Answer> ask = () -> client.post("/v1/score", "{\"text\":\"anna\"}");
        together(List.of(ask, ask));
      }
      String metrics = client.get("/metrics").text();
      assertThat(value(metrics, "unroll_batch_size_max\\{model=\"names\"}")).isEqualTo(2);
    }
  }

  @Test
  void aFullQueueRefusesWithATimeToWait() throws Exception {
    var gate = new CountDownLatch(1);
    try (var server =
        TestModels.server()
            .engines(model -> new GatedEngine(model, new CountDownLatch(1), gate))
            .threads(1)
            .queue(2)
            .start()) {
      var client = new Client(server);
      String three = "{\"text\":[\"a\",\"b\",\"c\"]}";
      var tasks = new ArrayList<Callable<Client.Answer>>();
      for (int i = 0; i < 8; i++) {
        tasks.add(
            () -> {
              Client.Answer answer = client.post("/v1/score", three);
              if (answer.status() == 503) {
                gate.countDown();
              }
              return answer;
            });
      }
      var statuses = new ArrayList<Integer>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var done : threads.invokeAll(tasks)) {
          Client.Answer answer = done.get();
          statuses.add(answer.status());
          if (answer.status() == 503) {
            assertThat(answer.response().headers().firstValue("Retry-After")).contains("1");
          }
        }
      }
      assertThat(statuses).contains(200, 503).containsOnly(200, 503);
    }
  }

  /** A request of many inputs waits with a few of them at a time. */
  @Test
  void aLargeRequestDoesNotHoldUpASmallOne() throws Exception {
    var metrics = new Metrics();
    var order = new LinkedBlockingQueue<String>();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    List<String> large = IntStream.range(0, 10).mapToObj(i -> "large " + i).toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var batcher = new Batcher(new Batcher.Limits(Duration.ZERO, 1, 100, 1), metrics)) {
      Work<String, String> work =
          inputs -> {
            if (inputs.contains("large 0")) {
              threads.submit(
                  () ->
                      batcher.runAlone(
                          "m",
                          () -> {
                            order.add("small");
                            return 1;
                          },
                          deadline));
              while (!new String(metrics.text(), StandardCharsets.UTF_8)
                  .contains("unroll_queue_length 10.0")) {
                Thread.onSpinWait();
              }
            }
            order.addAll(inputs);
            return inputs;
          };
      assertThat(batcher.run(new BatchKey("m", this, "way"), large, work, deadline))
          .isEqualTo(large);
    }
    assertThat(List.copyOf(order).indexOf("small")).isBetween(1, 4);
  }

  /** Long texts make room for others after some steps, and go on where they were. */
  @Test
  void longTextsTakeTurns() {
    try (var server = TestModels.server().batchSize(2).start()) {
      var client = new Client(server);
      JsonNode found =
          client
              .post(
                  "/v1/sample",
                  "{\"prompt\":\"an\",\"count\":5,\"length\":200,\"stopAtEnd\":false,\"seed\":3}")
              .results();
      var options = Sampling.defaults().withLength(200).withSeed(3).pastEnd();
      for (int i = 0; i < 5; i++) {
        assertThat(found.get(i).get("continuation").textValue())
            .isEqualTo(TestModels.LM.sample("an", options, i).text());
      }
    }
  }
}
