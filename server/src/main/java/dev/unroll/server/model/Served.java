package dev.unroll.server.model;

import dev.unroll.base.InputException;
import dev.unroll.data.Provenance;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Model;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A loaded model that answers requests; sessions keep it after it has been replaced. */
public final class Served {

  private final String name;
  private final Model model;
  private final String hash;
  private final Instant loaded;
  private final Batcher batcher;
  private final Engine engine;
  private final @Nullable Writer writer;

  /**
   * Creates a model that answers.
   *
   * @param engine computes its answers
   */
  Served(String name, Model model, Engine engine, Instant loaded, Batcher batcher) {
    this.name = name;
    this.model = model;
    this.engine = engine;
    this.loaded = loaded;
    this.batcher = batcher;
    hash = model.fingerprint();
    writer =
        model instanceof LanguageModel own && !own.isBackward()
            ? new Writer(own, engine::continuation, name, batcher.limits())
            : null;
  }

  /** Returns its name in requests. */
  public String name() {
    return name;
  }

  /** Returns the model itself. */
  public Model model() {
    return model;
  }

  /** Returns what computes its answers. */
  public Engine engine() {
    return engine;
  }

  /** Returns the task, as the command line calls it. */
  public String task() {
    return model.task().name();
  }

  /** Returns the hash of its description, its tokens and its parameters. */
  public String hash() {
    return hash;
  }

  /** Returns when it was loaded. */
  public Instant loaded() {
    return loaded;
  }

  /** Returns what it was made from. */
  public Provenance provenance() {
    return model.provenance();
  }

  /**
   * Returns the answer to each input, in their order; those of several requests run as one batch.
   *
   * @param way how it is asked: a value; what is equal runs together
   * @param work the same for equal ways
   * @param deadline on the clock of {@link System#nanoTime}
   * @param <I> an input
   * @param <O> its answer
   */
  public <I, O> List<O> run(Object way, List<I> inputs, Work<I, O> work, long deadline) {
    return batcher.run(new BatchKey(name, model, way), inputs, work, deadline);
  }

  /**
   * Returns what work gives that cannot be combined with that of other requests. It runs in a
   * thread that computes: those of requests are virtual, and would hold up all others.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   */
  public <O> O runAlone(Supplier<O> work, long deadline) {
    return batcher.runAlone(name, work, deadline);
  }

  /** Notes that a request waits for texts that are being continued, until {@link #leave}. */
  void enter() {
    batcher.enter();
  }

  /** Notes that it does so no more. */
  void leave() {
    batcher.leave();
  }

  /**
   * Returns what continues texts.
   *
   * @throws InputException if it reads from right to left
   */
  Writer writer() {
    if (writer == null) {
      throw new InputException(
          "the model " + name + " does not continue texts",
          "Use one that reads from left to right.");
    }
    return writer;
  }
}
