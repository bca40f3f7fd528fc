package dev.unroll.train.optimizer;

import java.util.List;

/** Parameters are updated in blocks, each of which stays in the nearest cache. */
final class Blocks {

  /** Elements of a block. */
  static final int SIZE = 1024;

  /** Steps after which moments that have faded are set to zero. */
  private static final int FADING = 64;

  private Blocks() {}

  /**
   * Sets moments to zero that are no normal numbers any more, now and then. Those of a word that
   * never comes again fade to the smallest of all floats and stay there, since it is rounded up to
   * itself; arithmetic with such numbers takes many times as long on some processors. The step that
   * they could still make is 10⁻³⁰ of a parameter. Not in the loops that compute them, which the
   * compiler could not vectorize then.
   */
  static void dropFaded(float[] moments, Optimizer.Step step, int from, int to) {
    if (drops(step)) {
      for (int i = from; i < to; i++) {
        if (Math.abs(moments[i]) < Float.MIN_NORMAL) {
          moments[i] = 0f;
        }
      }
    }
  }

  /** Returns whether moments that have faded are set to zero before a step. */
  static boolean drops(Optimizer.Step step) {
    return step.number() % FADING == 0;
  }

  /**
   * Returns whether some moments are zeros, before the first of some steps in a row or where they
   * may have been set to zero since. They stay zeros as long as gradients are.
   *
   * @param missed the steps
   * @param next number of the step among them that is next
   */
  static boolean haveFaded(
      float[] moments, List<Optimizer.Change> missed, int next, int from, int to) {
    if (next > 0 && !drops(missed.get(next - 1).step())) {
      return false;
    }
    int bits = 0; // of a negative zero, too
    for (int i = from; i < to; i++) {
      bits |= Float.floatToRawIntBits(moments[i]);
    }
    return bits == 0;
  }

  /** Lets moments decay by a factor in each of some steps. */
  static void decay(
      float[] moments, float factor, List<Optimizer.Change> missed, int from, int to) {
    if (haveFaded(moments, missed, 0, from, to)) {
      return;
    }
    for (Optimizer.Change each : missed) {
      dropFaded(moments, each.step(), from, to);
      for (int i = from; i < to; i++) {
        moments[i] *= factor;
      }
    }
  }
}
