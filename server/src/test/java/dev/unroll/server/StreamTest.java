package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Classification;
import dev.unroll.result.Sampling;
import dev.unroll.result.SentenceScore;
import dev.unroll.server.model.Engine;
import dev.unroll.server.model.OwnEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Texts come while they are drawn, and nobody draws for a client that is gone. */
class StreamTest {

  /** Counts the steps by which texts go on, and notes the thread that makes them. */
  private record Counting(Engine engine, AtomicInteger steps, AtomicReference<Thread> writer)
      implements Engine {

    @Override
    public List<Classification> classify(List<String> texts) {
      return engine.classify(texts);
    }

    @Override
    public List<SentenceScore> score(List<String> texts) {
      return engine.score(texts);
    }

    @Override
    public Continuation continuation() {
      Continuation own = engine.continuation();
      return new Continuation() {
        @Override
        public NetworkState start() {
          return own.start();
        }

        @Override
        public List<NetworkState> read(List<NetworkState> states, List<int[]> tokens) {
          steps.incrementAndGet();
          writer.set(Thread.currentThread());
          return own.read(states, tokens);
        }

        @Override
        public float[][] logits(List<NetworkState> states) {
          return own.logits(states);
        }
      };
    }
  }

  @Test
  void theEventsTogetherAreTheText() {
    try (var server = TestModels.server().start()) {
      var client = new Client(server);
      String text =
          client
              .post("/v1/sample", "{\"prompt\":\"an\",\"count\":2,\"seed\":5,\"stream\":true}")
              .text();
      var texts = new ArrayList<>(List.of(new StringBuilder(), new StringBuilder()));
      int results = 0;
      for (String line : text.lines().filter(each -> !each.isEmpty()).toList()) {
        if (line.equals("data: [DONE]")) {
          continue;
        }
        JsonNode event = Client.read(line.substring("data: ".length()));
        texts.get(event.get("index").intValue()).append(event.get("text").textValue());
        results += event.has("result") ? 1 : 0;
      }
      assertThat(results).isEqualTo(2);
      for (int i = 0; i < 2; i++) {
        assertThat(texts.get(i))
            .hasToString(TestModels.LM.sample("an", Sampling.defaults().withSeed(5), i).text());
      }
    }
  }

  @Test
  void aClientThatGoesAwayStopsTheWork() throws Exception {
    BlockingQueue<String> log = new LinkedBlockingQueue<>();
    var steps = new AtomicInteger();
    var writer = new AtomicReference<Thread>();
    try (var server =
        TestModels.server()
            .maxLength(10_000_000)
            .engines(model -> new Counting(new OwnEngine(model), steps, writer))
            .accessLog(log::add)
            .start()) {
      var client = new Client(server);
      String body = "{\"length\":10000000,\"stopAtEnd\":false,\"stream\":true}";
      try (var socket = client.socket()) {
        socket
            .getOutputStream()
            .write(
                ("POST /v1/sample HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                    .getBytes(StandardCharsets.US_ASCII));
        awaitEvent(
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
      }
      String line = log.poll(60, TimeUnit.SECONDS);
      int then = steps.get();
      assertThat(line).contains("\"status\":499").contains("/v1/sample");
      assertThat(writer.get().join(Duration.ofMinutes(1))).isTrue(); // it has no text any more
      assertThat(steps.get() - then).isLessThanOrEqualTo(1);
    }
  }

  private static void awaitEvent(BufferedReader in) throws IOException {
    String line = in.readLine();
    while (line != null && !line.startsWith("data:")) {
      line = in.readLine();
    }
    assertThat(line).isNotNull();
  }
}
