package dev.unroll.base;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that splits a range of independent items, each thread one contiguous
 * part, and waits until all are done. The caller works too, so a team of one runs everything in
 * place.
 *
 * <p>Items must write to places of their own; then no result depends on the number of threads. A
 * team serves one caller at a time. Between two ranges a thread stays awake for some milliseconds,
 * since the next range usually follows at once, and then sleeps. A part that no thread has begun
 * when the caller is done with its own is done by the caller: on a busy machine it would wait for a
 * processor to become free for each of hundreds of ranges in a step.
 */
public final class Workers implements AutoCloseable {

  /** Work on the items from {@code from} up to, not including, {@code to}. */
  @FunctionalInterface
  public interface RangeTask {
    /** Does the items of one part. */
    void run(int from, int to);
  }

  /**
   * A range, cut into one part per thread at multiples of {@code grain}.
   *
   * @param number counts the ranges of the team, from 1
   */
  private record Job(int number, int items, int grain, int threads, RangeTask task) {
    void runPart(int part) {
      int units = (items + grain - 1) / grain;
      int from = (int) ((long) units * part / threads) * grain;
      int to = Math.min(items, (int) ((long) units * (part + 1) / threads) * grain);
      if (from < to) {
        task.run(from, to);
      }
    }
  }

  /** Turns of waiting in which a thread only polls: about 100 µs. */
  private static final int LOOKS = 2_000;

  /**
   * Turns, up to which a thread lets others go first but stays awake: some 20 ms, as OpenMP's
   * threads do. To wake one that sleeps takes 50 µs and more in a virtual machine, whose host gives
   * the core to others: with sleeps after 50 µs, training on two threads took 1.3 times as long.
   */
  private static final int TURNS = LOOKS + 40_000;

  private static final int MOST = 1024;

  /** A caller is at work. */
  private static final int BUSY = 1;

  /** No further caller is let in. */
  private static final int CLOSED = 2;

  private static final Workers SINGLE = new Workers(1);

  private final Thread[] helpers;

  /** Parts of the current range that are not done yet. */
  private final AtomicInteger pending = new AtomicInteger();

  /** By part, the number of the last range of which a thread has begun it. */
  private final AtomicIntegerArray begun;

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * {@link #BUSY}, {@link #CLOSED}, both or neither, in one variable: no caller can come in between
   * the end of the helpers and the news of it. Helpers end when it is {@code CLOSED} alone.
   */
  private final AtomicInteger state = new AtomicInteger();

  /** The current range; null between two. */
  private volatile @Nullable Job job;

  /** Ranges so far; of the caller alone. */
  private int ranges;

  private volatile @Nullable Thread caller;

  /** Starts a team of {@code threads} threads, the caller's among them. */
  public Workers(int threads) {
    if (threads < 1 || threads > MOST) {
      throw new IllegalArgumentException("threads is " + threads + ", must be in 1 … " + MOST);
    }
    begun = new AtomicIntegerArray(threads);
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int part = i + 1;
      helpers[i] = Thread.ofPlatform().daemon().name("unroll-" + part).start(() -> serve(part));
    }
  }

  /** Returns the team of one, which runs everything in the caller's thread and may be shared. */
  public static Workers single() {
    return SINGLE;
  }

  /**
   * Does some work with a team of its own: as many threads as there are processors, but no more
   * than independent items.
   *
   * @param <T> what comes of it
   */
  public static <T> T use(int items, Function<Workers, T> work) {
    int threads = Math.min(items, Math.min(Runtime.getRuntime().availableProcessors(), MOST));
    if (threads < 2) {
      return work.apply(SINGLE);
    }
    try (var workers = new Workers(threads)) {
      return work.apply(workers);
    }
  }

  /** Returns the number of threads, the caller's among them. */
  public int threads() {
    return helpers.length + 1;
  }

  /** Returns such as {@code Workers[threads=4]}. */
  @Override
  public String toString() {
    return "Workers[threads=" + threads() + "]";
  }

  /**
   * Runs {@code task} over {@code [0, items)}, in parts that begin at multiples of {@code grain}.
   *
   * @throws RuntimeException what a part threw, after all parts have ended
   * @throws IllegalStateException if the team is closed, or in use by another caller
   */
  public void run(int items, int grain, RangeTask task) {
    if (items <= 0) {
      return;
    }
    if (helpers.length > 0 && (state.get() & CLOSED) != 0) {
      throw new IllegalStateException("this team of threads is closed");
    }
    if (helpers.length == 0 || items <= grain) {
      task.run(0, items);
      return;
    }
    if (!state.compareAndSet(0, BUSY)) {
      throw new IllegalStateException(
          (state.get() & CLOSED) != 0
              ? "this team of threads is closed"
              : "this team of threads has a caller already");
    }
    runTogether(items, grain, task);
    Throwable thrown = failure.getAndSet(null);
    if (state.updateAndGet(now -> now & ~BUSY) == CLOSED) {
      wakeHelpers(); // closed while they worked
    }
    rethrow(thrown);
  }

  private void runTogether(int items, int grain, RangeTask task) {
    ranges++;
    var next = new Job(ranges, items, grain, threads(), task);
    caller = Thread.currentThread();
    pending.set(next.threads);
    job = next;
    wakeHelpers();
    for (int part = 0; part < next.threads; part++) {
      runIfOpen(next, part);
    }
    awaitHelpers();
    job = null;
  }

  private void wakeHelpers() {
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private void awaitHelpers() {
    int turn = 0;
    while (pending.get() > 0) {
      turn = await(turn);
    }
  }

  /** Waits a little, the longer the more turns it has waited, and returns the next turn. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on what yield does
  private int await(int turn) {
    if (turn < LOOKS) {
      Thread.onSpinWait();
    } else if (turn < TURNS || Thread.currentThread().isInterrupted()) {
      Thread.yield(); // an interrupted thread cannot park
    } else {
      LockSupport.park(this);
      return turn;
    }
    return Math.min(turn + 1, TURNS);
  }

  private void serve(int part) {
    int seen = 0;
    while (true) {
      int turn = 0;
      Job current = job;
      while (current == null || current.number == seen) {
        if (state.get() == CLOSED) {
          return;
        }
        turn = await(turn);
        current = job;
      }
      seen = current.number;
      runIfOpen(current, part);
    }
  }

  /** Runs a part of a range unless another thread has begun it; of old ranges all are begun. */
  private void runIfOpen(Job current, int part) {
    if (begun.compareAndSet(part, current.number - 1, current.number)) {
      runGuarded(current, part);
      if (pending.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void runGuarded(Job current, int part) {
    try {
      current.runPart(part);
    } catch (Throwable e) { // a helper that ended here would leave the caller waiting for ever
      failure.compareAndSet(null, e);
    }
  }

  private static void rethrow(@Nullable Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown != null) {
      throw new IllegalStateException(thrown);
    }
  }

  /**
   * Ends the helper threads. A range that is being run is finished first, by all of them; whoever
   * calls later is refused. A team of one has no helpers, and nothing changes.
   */
  @Override
  public void close() {
    if (state.getAndUpdate(now -> now | CLOSED) == 0) {
      wakeHelpers();
    }
  }
}
