package dev.unroll.server.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts threads that wait too long for a client. A virtual thread that is interrupted while it
 * reads or writes closes its socket, so that no client holds one for longer than it may.
 */
final class Watchdog implements AutoCloseable {

  /** How long a last word to a client may take. */
  private static final long LAST_WORD = TimeUnit.SECONDS.toNanos(1);

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("unroll-watchdog").factory());

  Watchdog() {
    timer.setRemoveOnCancelPolicy(true);
  }

  /** The watch over one thread, until it is closed. */
  final class Watch implements AutoCloseable {

    private final Thread thread;
    private final Runnable before;
    private ScheduledFuture<?> alarm;
    private boolean over;
    private boolean barked;

    private Watch(Thread thread, Duration time, Runnable before) {
      this.thread = thread;
      this.before = before;
      alarm = timer.schedule(this::bark, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void bark() {
      if (!over) {
        barked = true;
        Thread.startVirtualThread(this::sayAndInterrupt);
        alarm = timer.schedule(this::interrupt, LAST_WORD, TimeUnit.NANOSECONDS);
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
        over = true;
        alarm.cancel(false);
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
      alarm.cancel(false);
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
    return new Watch(Thread.currentThread(), time, before);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
