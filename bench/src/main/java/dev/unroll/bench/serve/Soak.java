package dev.unroll.bench.serve;

import dev.unroll.bench.serve.Endpoint.Library;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/** Clients of all kinds that use one server until they are told to end. */
final class Soak implements AutoCloseable {

  private final int port;
  private final Library library;
  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final List<Future<?>> running = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Held by each request and each reload that is under way, and by who wants that there is none.
   */
  private final ReentrantReadWriteLock pause = new ReentrantReadWriteLock(true);

  private volatile boolean over;

  Soak(int port, Library library) {
    this.port = port;
    this.library = library;
  }

  /** What a client does again and again. */
  @FunctionalInterface
  interface Turn {
    /**
     * Does it once.
     *
     * @throws IOException if there is no answer where there should be one
     */
    void run() throws IOException, InterruptedException;
  }

  int port() {
    return port;
  }

  /** Returns the models, one of which has to have given each answer. */
  Library library() {
    return library;
  }

  /** Returns where requests of a kind are counted. */
  Tally tally(String kind) {
    synchronized (tallies) {
      return tallies.computeIfAbsent(kind, name -> new Tally());
    }
  }

  /** Returns all that was counted. */
  Map<String, Tally> tallies() {
    synchronized (tallies) {
      return new LinkedHashMap<>(tallies);
    }
  }

  /** Starts a client. */
  void start(Tally tally, Turn turn) {
    running.add(threads.submit(() -> loop(tally, turn)));
  }

  private void loop(Tally tally, Turn turn) {
    while (!over) {
      try {
        turn.run();
      } catch (IOException e) {
        tally.broken(e);
        sleep(100);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Waits, unless it is over before. */
  void sleep(long milliseconds) {
    long end = System.nanoTime() + milliseconds * 1_000_000;
    try {
      for (long left = milliseconds; left > 0 && !over; ) {
        Thread.sleep(Math.min(200, left));
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isOver() {
    return over;
  }

  /** Asks when nobody has stopped the load. */
  HttpClient.Answer ask(HttpClient client, byte[] request) throws IOException {
    return whole(() -> client.ask(request));
  }

  /** What must not be under way while the load is stopped. */
  @FunctionalInterface
  interface Part<T> {
    /**
     * Does it.
     *
     * @throws IOException if there is no answer where there should be one
     */
    T run() throws IOException;
  }

  /** Does something whole before or after the load is stopped. */
  <T> T whole(Part<T> part) throws IOException {
    pause.readLock().lock();
    try {
      return part.run();
    } finally {
      pause.readLock().unlock();
    }
  }

  /**
   * Stops the load and does something while nothing is under way but the requests of clients that
   * misbehave.
   *
   * @return whether it was done: not if, once the load had stopped, it was not the time for it
   */
  boolean paused(BooleanSupplier isTime, Runnable what) {
    pause.writeLock().lock();
    try {
      if (!isTime.getAsBoolean()) {
        return false;
      }
      what.run();
      return true;
    } finally {
      pause.writeLock().unlock();
    }
  }

  /** Ends all clients, and waits for them. */
  @Override
  public void close() {
    over = true;
    try {
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
  }
}
