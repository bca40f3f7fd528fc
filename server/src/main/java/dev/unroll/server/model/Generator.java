package dev.unroll.server.model;

import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
import java.util.function.Supplier;

/**
 * A language model that continues texts. One that writes for labels or numbers is a generator for
 * each of them; all of these share the threads and the queue of one {@link Writer}.
 */
final class Generator {

  private final LanguageModel model;
  private final Supplier<Engine.Continuation> batches;
  private final NetworkState start;

  /**
   * Creates a generator.
   *
   * @param batches makes what computes, for each thread its own
   */
  Generator(LanguageModel model, Supplier<Engine.Continuation> batches) {
    this.model = model;
    this.batches = batches;
    start = batches.get().start();
  }

  LanguageModel model() {
    return model;
  }

  /** Returns the state before a text. */
  NetworkState start() {
    return start;
  }

  /** Returns what computes, for one thread. */
  Engine.Continuation continuation() {
    return batches.get();
  }
}
