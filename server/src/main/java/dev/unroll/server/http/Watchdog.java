package dev.unroll.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Interrupts threads that wait too long for a client. A virtual thread that is interrupted while it
 * reads or writes closes its socket, so that no client holds one for longer than it may.
 *
 * <p>A thread looks at all watches from time to time. An alarm for each would be more exact, but a
 * request has three of them, and one that becomes the next to ring wakes the timer's thread, which
 * takes a processor from the request.
 */
final class Watchdog implements AutoCloseable {

  /** How long a last word to a client may take. */
  private static final long LAST_WORD = TimeUnit.SECONDS.toNanos(1);

  /** Looks within the shortest time that is watched: a watch ends so much later at most. */
  private static final int LOOKS = 20;

  private static final long SHORTEST_PERIOD = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long LONGEST_PERIOD = TimeUnit.MILLISECONDS.toNanos(250);

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Starts to look.
   *
   * @param shortest the shortest time that is watched
   */
  void start(Duration shortest) {
    long period = Math.clamp(shortest.toNanos() / LOOKS, SHORTEST_PERIOD, LONGEST_PERIOD);
    Thread.ofPlatform().daemon().name("unroll-watchdog").start(() -> look(period));
  }

  private void look(long period) {
    while (!closed) {
      LockSupport.parkNanos(period);
      look();
    }
  }

  private void look() {
    long now = System.nanoTime();
    for (Watch each : watches) {
      try {
        each.look(now);
      } catch (OutOfMemoryError e) {
        // there is no thread for its last word: it goes without
      }
    }
  }

  /** The watch over one thread, until it is closed. */
  final class Watch implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final Runnable before;
    private long end;
    private boolean over;
    private boolean barked;

    private Watch(Duration time, Runnable before) {
      this.before = before;
      end = System.nanoTime() + time.toNanos();
    }

    private synchronized void look(long now) {
      if (over || now - end < 0) {
        return;
      }
      if (barked) {
        interrupt();
      } else {
        barked = true;
        end = now + LAST_WORD;
        Thread.startVirtualThread(this::sayAndInterrupt);
      }
    }

    /** Writing may block until the client reads, so it must not run in the timer's thread. */
    private void sayAndInterrupt() {
      try {
        before.run();
      } finally {
        interrupt();
      }
    }

    private synchronized void interrupt() {
      if (!over) {
        close();
        thread.interrupt();
      }
    }

    /** Whether the time was over. */
    synchronized boolean barked() {
      return barked;
    }

    /** Ends the watch: the thread is not interrupted any more. */
    @Override
    public synchronized void close() {
      over = true;
      watches.remove(this);
    }
  }

  /** Watches over the thread that calls. */
  Watch watch(Duration time) {
    return watch(time, () -> {});
  }

  /**
   * Watches over the thread that calls.
   *
   * @param before what is done before it is interrupted
   */
  Watch watch(Duration time, Runnable before) {
    var watch = new Watch(time, before);
    watches.add(watch);
    return watch;
  }

  @Override
  public void close() {
    closed = true;
  }
}
