package dev.unroll.server.model;

import dev.unroll.base.Cancellation;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs inputs of different requests together. What is asked of one model in one way makes a batch,
 * from its first input until a thread is free: under load batches grow by themselves, while those
 * before them run. A thread that is free at once waits a little where other requests are on their
 * way, which may join; a request that is the only one never waits, and is computed in its own
 * thread. A model gives each input the same bits as in a batch of one. A request of many inputs
 * waits with a few of them at a time, so that it does not hold up small ones.
 *
 * <p>A batch for whose answers nobody waits any more ends before its next step in time.
 */
public final class Batcher implements AutoCloseable {

  /**
   * How much runs together.
   *
   * @param delay how long a batch waits for requests that are on their way, at most
   * @param size most inputs of a batch
   * @param queue most inputs that wait
   * @param threads how many batches run at once
   */
  public record Limits(Duration delay, int size, int queue, int threads) {}

  /** The way of work that nothing else can join: it waits for a thread only. */
  private static final class Alone {}

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** Pieces of one request that wait at once, beyond one for each thread. */
  private static final int AHEAD = 1;

  private final Limits limits;
  private final Metrics metrics;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private final Map<BatchKey, Batch> open = new HashMap<>();
  private int queued;
  private volatile boolean closed;

  /** Requests that wait for an answer: no others come from their clients meanwhile. */
  private final AtomicInteger answering = new AtomicInteger();

  /** Starts the threads. */
  public Batcher(Limits limits, Metrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
    for (int i = 0; i < limits.threads; i++) {
      Thread.ofPlatform().daemon().name("unroll-batch-" + i).start(this::serve);
    }
    metrics.gauge("unroll.queue.length", "Inputs that wait to be computed.", this::queued);
  }

  Limits limits() {
    return limits;
  }

  private Integer queued() {
    lock.lock();
    try {
      return queued;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the answer to each input, in their order.
   *
   * @param key what is asked, and of whom
   * @param work the same for equal keys
   * @param deadline on the clock of {@link System#nanoTime}
   * @throws Problem if too many inputs wait already
   * @throws CancellationException if the deadline is over
   */
  public <I, O> List<O> run(BatchKey key, List<I> inputs, Work<I, O> work, long deadline) {
    enter();
    try {
      return runAll(key, inputs, work, deadline);
    } finally {
      leave();
    }
  }

  /** Notes that a request waits for an answer, here or of what continues texts. */
  void enter() {
    answering.incrementAndGet();
  }

  /** Notes that it has its answer. */
  void leave() {
    answering.decrementAndGet();
  }

  private <I, O> List<O> runAll(BatchKey key, List<I> inputs, Work<I, O> work, long deadline) {
    if (inputs.size() <= limits.size && isOnly()) {
      return runHere(key, inputs, work, deadline);
    }
    var pieces = new ArrayList<Batch.Piece>();
    for (int from = 0; from < inputs.size(); from += limits.size) {
      pieces.add(
          new Batch.Piece(inputs.subList(from, Math.min(inputs.size(), from + limits.size))));
    }
    reserve(inputs.size());
    int begun = 0;
    var answers = new ArrayList<O>();
    try {
      for (int i = 0; i < pieces.size(); i++) {
        while (begun < Math.min(pieces.size(), i + limits.threads + AHEAD)) {
          add(key, pieces.get(begun++), erased(work));
        }
        answers.addAll(await(pieces.get(i), deadline));
      }
    } finally {
      pieces.forEach(each -> each.answers().cancel(false)); // what has not ended need not
      release(pieces.subList(begun, pieces.size()));
    }
    return answers;
  }

  /** Whether there is no other request, whose virtual thread would wait for a processor. */
  private boolean isOnly() {
    return PROCESSORS > 1 && metrics.running() == 1;
  }

  /** Computes in the thread of the request: to wake another one, and this one again, takes time. */
  private <I, O> List<O> runHere(BatchKey key, List<I> inputs, Work<I, O> work, long deadline) {
    if (closed) {
      throw ending();
    }
    metrics.batch(key.name(), inputs.size());
    Thread own = Thread.currentThread(); // which is interrupted when the server ends
    return Cancellation.until(
        () -> own.isInterrupted() || System.nanoTime() - deadline > 0, () -> work.run(inputs));
  }

  /**
   * Returns what work gives that cannot be combined with any other.
   *
   * @param name of the model
   * @param deadline on the clock of {@link System#nanoTime}
   * @throws Problem if too many inputs wait already
   * @throws CancellationException if the deadline is over
   */
  public <O> O runAlone(String name, Supplier<O> work, long deadline) {
    var alone = new Alone();
    Work<Object, O> one = inputs -> List.of(work.get());
    return run(new BatchKey(name, alone, alone), List.of(alone), one, deadline).getFirst();
  }

  @SuppressWarnings("unchecked") // the inputs of equal keys are of one type
  private static <I, O> Work<Object, O> erased(Work<I, O> work) {
    return inputs -> work.run((List<I>) (List<?>) inputs);
  }

  @SuppressWarnings("unchecked") // what came out of the work that went in
  private static <O> List<O> await(Batch.Piece piece, long deadline) {
    try {
      return (List<O>) piece.answers().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new CancellationException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own;
      }
      if (e.getCause() instanceof Error own) {
        throw own;
      }
      throw new IllegalStateException(e);
    }
  }

  private void reserve(int count) {
    lock.lock();
    try {
      if (closed) {
        throw ending();
      }
      if (queued > 0 && queued + count > limits.queue) {
        throw Problem.of(
            503, "too many inputs wait already (" + queued + "); try again later, or send less");
      }
      queued += count;
    } finally {
      lock.unlock();
    }
  }

  private static Problem ending() {
    return Problem.of(503, "the server is shutting down");
  }

  private void release(List<Batch.Piece> pieces) {
    lock.lock();
    try {
      pieces.forEach(each -> queued -= each.size());
    } finally {
      lock.unlock();
    }
  }

  /** Adds a piece for which there is room. */
  private void add(BatchKey key, Batch.Piece piece, Work<Object, ?> work) {
    lock.lock();
    try {
      if (closed) { // the threads may have ended
        queued -= piece.size();
        throw ending();
      }
      Batch batch = open.get(key);
      if (batch == null || batch.size() + piece.size() > limits.size) {
        batch = new Batch(key, work, lock.newCondition());
        open.put(key, batch);
        waiting.add(batch);
        idle.signal();
      }
      batch.add(piece);
      if (isComplete(batch)) {
        batch.joined().signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    for (Batch batch = next(); batch != null; batch = next()) {
      String model = batch.key().name();
      batch.run(() -> closed, inputs -> metrics.batch(model, inputs));
    }
  }

  /** Returns the next batch when it is complete, or null at the end. */
  private @Nullable Batch next() {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return null;
        }
        idle.await();
      }
      Batch batch = waiting.remove();
      long left = limits.delay.toNanos() - batch.age();
      while (left > 0 && !isComplete(batch)) {
        left = batch.joined().awaitNanos(left);
      }
      open.remove(batch.key(), batch);
      queued -= batch.size();
      return batch;
    } catch (InterruptedException e) {
      return null; // nobody interrupts these threads
    } finally {
      lock.unlock();
    }
  }

  private boolean isComplete(Batch batch) {
    return closed
        || batch.size() >= limits.size
        || batch.key().way() instanceof Alone
        || metrics.running() <= answering.get(); // nobody is on the way
  }

  /** Ends what runs, and refuses what waits. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (Batch batch : waiting) {
        batch.refuse(ending());
        queued -= batch.size();
      }
      waiting.clear();
      open.clear();
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
