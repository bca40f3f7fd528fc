package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.network.NetworkState;
import dev.unroll.result.Classification;
import dev.unroll.result.Model;
import dev.unroll.result.Sampling;
import dev.unroll.result.SentenceScore;
import dev.unroll.server.model.Engine;
import dev.unroll.server.model.OwnEngine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which threads continue texts. */
class WriterTest {

  private static final String NAME = "written";

  /**
   * Notes which threads read tokens; nobody reads a second one until all that have to come have.
   */
  private record Probe(Engine engine, Set<Thread> threads, CountDownLatch together)
      implements Engine {

    static Probe of(Model model, Set<Thread> threads, int together) {
      return new Probe(new OwnEngine(model), threads, new CountDownLatch(together));
    }

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
          if (threads.add(Thread.currentThread())) {
            together.countDown();
          }
          try {
            assertThat(together.await(1, TimeUnit.MINUTES)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return own.read(states, tokens);
        }

        @Override
        public float[][] logits(List<NetworkState> states) {
          return own.logits(states);
        }
      };
    }
  }

  /** Draws texts by a server, and returns which threads did it. */
  private static Set<Thread> write(int texts, int threads) {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    try (var server =
        UnrollServer.builder()
            .model(NAME, TestModels.path("names"))
            .engines(model -> Probe.of(model, seen, threads))
            .threads(2)
            .port(0)
            .accessLog(line -> {})
            .start()) {
      var found =
          new Client(server)
              .post(
                  "/v1/sample",
                  "{\"prompt\":\"an\",\"length\":90,\"stopAtEnd\":false,\"seed\":8,\"count\":"
                      + texts
                      + "}")
              .results();
      var options = Sampling.defaults().withLength(90).withSeed(8).pastEnd();
      for (int i = 0; i < texts; i++) {
        assertThat(found.get(i).get("continuation").textValue())
            .isEqualTo(TestModels.LM.sample("an", options, i).text());
      }
    }
    return seen;
  }

  @Test
  void manyTextsAreSharedByThreads() {
    assertThat(write(20, 2)).hasSize(2);
  }

  /** They share the weights that a step reads. */
  @Test
  void fewTextsAreContinuedByOneThread() {
    assertThat(write(3, 1)).hasSize(1);
  }

  /** A model that has been replaced must not be held by a thread that waits for texts. */
  @Test
  void aThreadWithoutTextsEnds() throws InterruptedException {
    for (Thread each : write(1, 1)) {
      assertThat(each.join(Duration.ofMinutes(1))).isTrue();
    }
  }
}
