package dev.unroll;

import java.util.ArrayList;
import java.util.List;

/**
 * Successive halving (Jamieson and Talwalkar 2016), here by thirds: all trials are trained for a
 * ninth of their steps, the best third of them up to a third, and the best third of these to the
 * end.
 */
final class Halving {

  private static final int FACTOR = 3;

  /** Trials up to which all are trained to the end. */
  private static final int FEW = 3;

  private Halving() {}

  /**
   * How far some trials are trained.
   *
   * @param places number of trials, the best of the rung before
   * @param part they are trained up to a validation after {@code 1 / part} of their steps
   */
  record Rung(int places, int part) {
    /** Returns whether a run has come so far. */
    boolean isReached(long step, long steps) {
      return step >= Math.ceilDiv(steps, part);
    }
  }

  /** Returns the rungs of a number of trials; the last one leads to the end. */
  static List<Rung> rungs(int trials) {
    int part = trials <= FEW ? 1 : trials <= FEW * FACTOR ? FACTOR : FACTOR * FACTOR;
    int places = trials;
    var rungs = new ArrayList<Rung>();
    for (; part > 1; part /= FACTOR) {
      rungs.add(new Rung(places, part));
      places = Math.max(2, Math.ceilDiv(places, FACTOR));
    }
    rungs.add(new Rung(places, 1));
    return rungs;
  }
}
