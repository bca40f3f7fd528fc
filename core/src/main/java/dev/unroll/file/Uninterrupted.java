package dev.unroll.file;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Work on files that an interrupt must not end. The channel of a file closes when a thread that
 * uses it is interrupted, or is so already: whoever cancels a training would lose its checkpoint
 * and its model. The work is therefore done in a thread that nobody else knows, and the caller,
 * interrupted or not, waits for it.
 */
public final class Uninterrupted {

  private Uninterrupted() {}

  /**
   * What is done.
   *
   * @param <T> what comes of it
   */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * Does some work, and returns what comes of it. If the caller is interrupted, it stays so.
   *
   * @throws IOException what the work threw, as whatever else it throws
   */
  public static <T> T call(Work<T> work) throws IOException {
    var task = new FutureTask<>(work::run);
    Thread.ofPlatform().name("unroll-file").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException thrown(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return cause instanceof IOException e ? e : new IOException(cause);
  }
}
