package dev.unroll;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Training in a thread of its own.
 *
 * {@snippet file="example/SnippetsTest.java" region="job"}
 *
 * @param <M> the model
 */
public final class TrainingJob<M> {

  private final FutureTask<M> task;
  private final Thread thread;

  private TrainingJob(FutureTask<M> task) {
    this.task = task;
    thread = new Thread(task, "unroll-training");
  }

  static <M> TrainingJob<M> start(Callable<M> training) {
    var job = new TrainingJob<>(new FutureTask<>(training));
    job.thread.start();
    return job;
  }

  /**
   * Stops training after the current step; {@link #get} then returns the best model so far. If the
   * run is kept, a checkpoint is written first, from which it can resume.
   */
  public void stop() {
    thread.interrupt();
  }

  /** Returns whether training has ended. */
  public boolean isDone() {
    return task.isDone();
  }

  /** Returns such as {@code training, running}. */
  @Override
  public String toString() {
    return "training, " + (isDone() ? "ended" : "running");
  }

  /**
   * Waits for the end of training and returns the model that did best.
   *
   * @throws InterruptedException if the waiting thread is interrupted; training continues
   * @throws dev.unroll.base.InputException and other exceptions as {@link TaskTrainer#train} does
   */
  public M get() throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RuntimeException cause -> cause;
        case Error cause -> throw cause;
        case Throwable cause -> new IllegalStateException(cause);
        case null -> new IllegalStateException(e);
      };
    }
  }
}
