package dev.unroll.task;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of a model that are used again. Any number of threads may share it, platform threads and
 * virtual ones: buffers belong to a call, not to a thread.
 *
 * <p>What is kept is bounded: buffers that have read no more than {@link #MOST_ROWS} rows together
 * (or another number that its creator chose), and as many of them as can be busy at a time. A
 * longer text has buffers of its own, which are garbage after it; it takes far longer to read than
 * they take to allocate. What is kept is held softly, and goes before memory runs out.
 *
 * @param <B> the buffers
 */
public final class Pool<B> {

  /** Most rows (tokens, characters, steps) of a call whose buffers are kept. */
  public static final int MOST_ROWS = 1024;

  /** More threads than processors can be in a call, but those in excess stand still. */
  private static final int MOST_BUFFERS =
      Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  private final Supplier<B> fresh;
  private final long mostRows;

  /** The ones used last come first: they are still in a near cache. */
  private final Deque<SoftReference<B>> spare = new ArrayDeque<>();

  /** Creates a pool that is empty. */
  public Pool(Supplier<B> fresh) {
    this(MOST_ROWS, fresh);
  }

  /**
   * Creates a pool that is empty.
   *
   * @param mostRows the most rows of a call whose buffers are kept, instead of {@link #MOST_ROWS}
   */
  public Pool(long mostRows, Supplier<B> fresh) {
    this.mostRows = mostRows;
    this.fresh = fresh;
  }

  /**
   * Uses buffers that no other call has.
   *
   * @param rows the most rows that they will hold at a time
   */
  public <R> R use(long rows, Function<? super B, R> use) {
    if (rows > mostRows) {
      return use.apply(fresh.get());
    }
    SoftReference<B> held = poll();
    B buffers = held == null ? null : held.get();
    if (held == null || buffers == null) {
      buffers = fresh.get();
      held = new SoftReference<>(buffers);
    }
    R result = use.apply(buffers); // what has failed may have left them in any state
    keep(held);
    return result;
  }

  /** Uses buffers as {@link #use} does, for what gives nothing back. */
  public void run(long rows, Consumer<? super B> task) {
    use(
        rows,
        buffers -> {
          task.accept(buffers);
          return true;
        });
  }

  private @Nullable SoftReference<B> poll() {
    synchronized (spare) {
      return spare.pollFirst();
    }
  }

  private void keep(SoftReference<B> held) {
    synchronized (spare) {
      if (spare.size() < MOST_BUFFERS) {
        spare.addFirst(held);
      }
    }
  }

  /** Returns how many buffers wait to be used again. */
  public int size() {
    synchronized (spare) {
      return spare.size();
    }
  }
}
