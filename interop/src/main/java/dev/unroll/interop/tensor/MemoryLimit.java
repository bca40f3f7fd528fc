package dev.unroll.interop.tensor;

import dev.unroll.base.InputException;
import java.util.Locale;

/**
 * Counts what the content of a foreign file will take of the heap, before it takes it: a small file
 * can promise, or grow to, far more than there is.
 */
public final class MemoryLimit {

  /** In a smaller heap, too, small models are read. */
  private static final long LEAST = 1 << 26;

  private final long most;
  private long left;

  /**
   * Creates a limit.
   *
   * @param most how many bytes may be taken
   */
  public MemoryLimit(long most) {
    this.most = most;
    left = most;
  }

  /** A limit of three quarters of the heap. */
  public static MemoryLimit ofHeap() {
    return new MemoryLimit(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 4 * 3));
  }

  /**
   * Takes some bytes.
   *
   * @param what for the message, such as {@code the tensor W}
   * @throws InputException if fewer are left
   */
  public void take(String what, long bytes) {
    if (bytes > left) {
      long needed = most - left + bytes;
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s needs %,d MiB, which exceeds the %,d MiB of the heap that a file may use",
              what,
              (bytes >> 20) + 1,
              most >> 20),
          String.format(
              Locale.ROOT,
              "Give the JVM a larger heap, such as -Xmx%dg, if you trust the file.",
              (needed >> 30) * 4 / 3 + 2));
    }
    left -= bytes;
  }

  /** Gives back bytes that were taken and are needed no more. */
  public void give(long bytes) {
    left += bytes;
  }
}
