package dev.unroll.server;

import dev.unroll.result.Classification;
import dev.unroll.result.Model;
import dev.unroll.result.SentenceScore;
import dev.unroll.server.model.Engine;
import dev.unroll.server.model.OwnEngine;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A model that says when it begins to compute, and goes on when it is told to. */
record GatedEngine(Engine engine, CountDownLatch begun, CountDownLatch gate) implements Engine {

  GatedEngine(Model model, CountDownLatch begun, CountDownLatch gate) {
    this(new OwnEngine(model), begun, gate);
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
    return engine.continuation();
  }
}
