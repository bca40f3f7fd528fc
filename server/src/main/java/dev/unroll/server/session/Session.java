package dev.unroll.server.session;

import dev.unroll.server.model.Served;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** A stream between requests. Its model stays the one with which it was opened, bit by bit. */
final class Session {

  private final String id;
  private volatile Served served;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Progress progress;
  private volatile long used;

  Session(String id, Served served, Progress progress, long now) {
    this.id = id;
    this.served = served;
    this.progress = progress;
    used = now;
  }

  String id() {
    return id;
  }

  Served served() {
    return served;
  }

  /** Goes on with a model of the same hash, which computes the same bits. */
  void moveTo(Served same) {
    served = same;
  }

  Progress progress() {
    return progress;
  }

  /** Returns when it was used last, in milliseconds. */
  long used() {
    return used;
  }

  void use(long now) {
    used = now;
  }

  /**
   * Goes on, one request at a time; where that fails, it stays where it was.
   *
   * @throws CancellationException if others take longer than the deadline
   */
  void advance(long deadline, UnaryOperator<Progress> step) {
    try {
      if (!lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new CancellationException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
    try {
      progress = step.apply(progress);
    } finally {
      lock.unlock();
    }
  }
}
