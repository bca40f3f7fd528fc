package dev.unroll.base;

/** Which way a layer reads a sequence. */
public enum Direction implements Labeled {
  /** From the first step to the last. */
  FORWARD,
  /** Both ways, by two sets of weights (Schuster and Paliwal 1997); outputs side by side. */
  BOTH,
  /** Both ways; outputs added up. */
  SUM;

  /** Returns the number of ways. */
  public int ways() {
    return this == FORWARD ? 1 : 2;
  }

  /** Returns the width of what comes out of two layers of {@code width} outputs. */
  public int outputs(int width) {
    return this == BOTH ? 2 * width : width;
  }
}
