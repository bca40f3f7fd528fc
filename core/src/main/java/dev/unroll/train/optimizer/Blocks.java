package dev.unroll.train.optimizer;

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
    if (step.number() % FADING == 0) {
      for (int i = from; i < to; i++) {
        if (Math.abs(moments[i]) < Float.MIN_NORMAL) {
          moments[i] = 0f;
        }
      }
    }
  }
}
