package dev.unroll.network;

import dev.unroll.base.Labeled;

/** What the targets of a window are taken relative to, so that a level never seen is none. */
public enum Relative implements Labeled {
  /** Nothing. */
  NOTHING,
  /** The last number read (Zeng et al. 2023). */
  LAST,
  /** The mean of those read, in units of their standard deviation (Kim et al. 2022). */
  WINDOW,
  /**
   * The number one season before, in units of the standard deviation of those read: the network
   * learns what the seasonal-naive forecast misses. What is read is as with {@link #WINDOW}.
   */
  SEASON;

  /** Returns the one with a label. */
  public static Relative of(String label) {
    return Labeled.of(
        values(),
        label,
        "targets cannot be taken relative to ",
        "Use nothing, last, window or season.");
  }
}
