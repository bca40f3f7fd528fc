package dev.unroll.server.model;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs inputs of different requests together. What is asked of one model in one way makes a batch,
 * from its first input until it is full, or has waited and a thread is free: under load batches
 * grow by themselves. A model gives each input the same bits as in a batch of one. A request of
 * many inputs waits with a few of them at a time, so that it does not hold up small ones.
 */
public final class Batcher implements AutoCloseable {

  /**
   * How much runs together.
   *
   * @param delay how long a batch waits for more
   * @param size most inputs of a batch
   * @param queue most inputs that wait
   * @param threads how many batches run at once
   */
  public record Limits(Duration delay, int size, int queue, int threads) {}

  /**
   * What runs together: asked of the same model in the same way.
   *
   * @param name of the model
   * @param model itself: one that has replaced it is another
   * @param way how it is asked, a value
   */
  public record Key(String name, Object model, Object way) {}

  /** The way of work that nothing else can join: it waits for a thread only. */
  private static final class Alone {}

  /** Pieces of one request that wait at once, beyond one for each thread. */
  private static final int AHEAD = 1;

  /**
   * What is done with a batch.
   *
   * @param <I> an input
   * @param <O> its answer
   */
  @FunctionalInterface
  public interface Work<I, O> {
    /** Returns the answer to each input. */
    List<O> run(List<I> inputs);
  }

  /** Inputs of one request. */
  private static final class Piece {
    private final List<?> inputs;
    private final CompletableFuture<List<?>> answers = new CompletableFuture<>();

    Piece(List<?> inputs) {
      this.inputs = inputs;
    }
  }

  /** A batch that is still open. */
  private static final class Group {
    private final Key key;
    private final Work<Object, ?> work;
    private final long opened = System.nanoTime();
    private final List<Piece> pieces = new ArrayList<>();
    private int size;

    Group(Key key, Work<Object, ?> work) {
      this.key = key;
      this.work = work;
    }
  }

  private final Limits limits;
  private final Metrics metrics;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Group> waiting = new ArrayDeque<>();
  private final Map<Object, Group> open = new HashMap<>();
  private int queued;
  private boolean closed;

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
  public <I, O> List<O> run(Key key, List<I> inputs, Work<I, O> work, long deadline) {
    var pieces = new ArrayList<Piece>();
    for (int from = 0; from < inputs.size(); from += limits.size) {
      pieces.add(new Piece(inputs.subList(from, Math.min(inputs.size(), from + limits.size))));
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
      pieces.forEach(each -> each.answers.cancel(false)); // what is not yet run need not be
      release(pieces.subList(begun, pieces.size()));
    }
    return answers;
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
    return run(new Key(name, alone, alone), List.of(alone), one, deadline).getFirst();
  }

  @SuppressWarnings("unchecked") // the inputs of equal keys are of one type
  private static <I, O> Work<Object, O> erased(Work<I, O> work) {
    return inputs -> work.run((List<I>) (List<?>) inputs);
  }

  @SuppressWarnings("unchecked") // what came out of the work that went in
  private static <O> List<O> await(Piece piece, long deadline) {
    try {
      return (List<O>) piece.answers.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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
        throw Problem.busy(
            503,
            "too many inputs wait already (" + queued + "); try again later, or send less",
            Duration.ofSeconds(1));
      }
      queued += count;
    } finally {
      lock.unlock();
    }
  }

  private static Problem ending() {
    return Problem.busy(503, "the server is shutting down", Duration.ofSeconds(1));
  }

  private void release(List<Piece> pieces) {
    lock.lock();
    try {
      pieces.forEach(each -> queued -= each.inputs.size());
    } finally {
      lock.unlock();
    }
  }

  /** Adds a piece for which there is room. */
  private void add(Key key, Piece piece, Work<Object, ?> work) {
    lock.lock();
    try {
      if (closed) { // the threads may have ended
        queued -= piece.inputs.size();
        throw ending();
      }
      Group group = open.get(key);
      if (group == null || group.size + piece.inputs.size() > limits.size) {
        group = new Group(key, work);
        open.put(key, group);
        waiting.add(group);
      }
      group.pieces.add(piece);
      group.size += piece.inputs.size();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    for (Group group = next(); group != null; group = next()) {
      run(group);
    }
  }

  /** Returns the next batch when it is complete, or null at the end. */
  private @Nullable Group next() {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return null;
        }
        changed.await();
      }
      Group group = waiting.remove();
      long left = limits.delay.toNanos() - (System.nanoTime() - group.opened);
      boolean alone = group.key.way instanceof Alone;
      while (left > 0 && group.size < limits.size && !closed && !alone) {
        left = changed.awaitNanos(left);
      }
      open.remove(group.key, group);
      queued -= group.size;
      return group;
    } catch (InterruptedException e) {
      return null; // nobody interrupts these threads
    } finally {
      lock.unlock();
    }
  }

  private void run(Group group) {
    var pieces = group.pieces.stream().filter(each -> !each.answers.isDone()).toList();
    if (pieces.isEmpty()) {
      return;
    }
    try {
      answer(group, pieces);
    } catch (RuntimeException e) {
      if (pieces.size() == 1) {
        pieces.getFirst().answers.completeExceptionally(e);
        return;
      }
      pieces.forEach(each -> answerSeparately(group, each)); // the fault is that of one
    } catch (Throwable e) {
      pieces.forEach(each -> each.answers.completeExceptionally(e));
    }
  }

  private void answerSeparately(Group group, Piece piece) {
    try {
      answer(group, List.of(piece));
    } catch (Throwable e) {
      piece.answers.completeExceptionally(e);
    }
  }

  private void answer(Group group, List<Piece> pieces) {
    var inputs = new ArrayList<Object>();
    pieces.forEach(each -> inputs.addAll(each.inputs));
    metrics.batch(group.key.name, inputs.size());
    List<?> answers = group.work.run(inputs);
    int at = 0;
    for (Piece piece : pieces) {
      piece.answers.complete(answers.subList(at, at + piece.inputs.size()));
      at += piece.inputs.size();
    }
  }

  /** Ends the threads when all that waits is computed. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
