package dev.unroll.server;

import dev.unroll.network.NetworkState;
import dev.unroll.result.Classification;
import dev.unroll.result.Model;
import dev.unroll.result.SentenceScore;
import dev.unroll.server.model.Engine;
import dev.unroll.server.model.OwnEngine;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A model that reports when it starts to compute, and then waits until the test lets it continue.
 *
 * @param readers notes which threads continue texts, which wait, too; null where they do not
 */
record GatedEngine(
    Engine engine, @Nullable Set<Thread> readers, CountDownLatch begun, CountDownLatch gate)
    implements Engine {

  GatedEngine(Model model, CountDownLatch begun, CountDownLatch gate) {
    this(new OwnEngine(model), null, begun, gate);
  }

  static Engine reading(
      Model model, Set<Thread> readers, CountDownLatch begun, CountDownLatch gate) {
    return new GatedEngine(new OwnEngine(model), readers, begun, gate);
  }

  private void pass() {
    begun.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<Classification> classify(List<String> texts) {
    pass();
    return engine.classify(texts);
  }

  @Override
  public List<SentenceScore> score(List<String> texts) {
    pass();
    return engine.score(texts);
  }

  @Override
  public Continuation continuation() {
    Continuation own = engine.continuation();
    if (readers == null) {
      return own;
    }
    return new Continuation() {
      @Override
      public NetworkState start() {
        return own.start();
      }

      @Override
      public List<NetworkState> read(List<NetworkState> states, List<int[]> tokens) {
        readers.add(Thread.currentThread());
        pass();
        return own.read(states, tokens);
      }

      @Override
      public float[][] logits(List<NetworkState> states) {
        return own.logits(states);
      }
    };
  }
}
