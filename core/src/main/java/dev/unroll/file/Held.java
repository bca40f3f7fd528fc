package dev.unroll.file;

import dev.unroll.base.InputException;
import java.util.Locale;

/**
 * What a reader holds in memory until all is read. It may be a quarter of the heap, as it is copied
 * while it grows and when it is used; without that limit a small compressed file could fill the
 * memory.
 */
public final class Held {

  /** About how many bytes an object takes, such as a short text, with what refers to it. */
  public static final int OBJECT = 64;

  private final String name;
  private final String fix;
  private long room = Runtime.getRuntime().maxMemory() / 4;

  /**
   * Begins with nothing.
   *
   * @param name what messages call the input
   * @param fix what helps besides more memory, a sentence; may be empty
   */
  public Held(String name, String fix) {
    this.name = name;
    this.fix = fix;
  }

  /**
   * Adds some bytes.
   *
   * @throws InputException if all that is held is too much
   */
  public void add(long bytes) {
    room -= bytes;
    if (room < 0) {
      long heap = Runtime.getRuntime().maxMemory();
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: it is held in memory and takes more than a quarter of the heap of %,d MiB",
              name,
              heap >> 20),
          (fix
                  + String.format(
                      Locale.ROOT,
                      " Split it, or give the JVM a larger heap, such as -Xmx%dg.",
                      (heap >> 29) + 1))
              .strip());
    }
  }
}
