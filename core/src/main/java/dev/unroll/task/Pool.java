package dev.unroll.task;

import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Buffers that are used again: as many as there are threads that need one at a time. They are held
 * softly, so that a model that once read a long text does not hold its memory for good.
 *
 * @param <B> the buffers
 */
public final class Pool<B> {

  private final Supplier<B> fresh;
  private final ConcurrentLinkedQueue<SoftReference<B>> spare = new ConcurrentLinkedQueue<>();

  /** Creates a pool that is empty. */
  public Pool(Supplier<B> fresh) {
    this.fresh = fresh;
  }

  /** Uses buffers that no other thread has. */
  public <R> R use(Function<B, R> use) {
    var held = spare.poll();
    B buffers = held == null ? null : held.get();
    if (held == null || buffers == null) {
      buffers = fresh.get();
      held = new SoftReference<>(buffers);
    }
    try {
      return use.apply(buffers);
    } finally {
      spare.add(held);
    }
  }

  /** Returns how many buffers wait to be used again. */
  public int size() {
    return spare.size();
  }
}
