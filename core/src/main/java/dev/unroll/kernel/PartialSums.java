package dev.unroll.kernel;

/** The sixteen partial sums of a row, and the one order in which they are added. */
final class PartialSums {

  /** Number of partial sums: the lanes of the widest vector. */
  static final int COUNT = 16;

  private PartialSums() {}

  /** Adds sixteen partial sums: halves onto halves. */
  static float tree(float[] partials) {
    for (int half = COUNT / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        partials[i] += partials[i + half];
      }
    }
    return partials[0];
  }
}
