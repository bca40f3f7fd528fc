package dev.unroll.train.optimizer;

import java.util.Map;

/** How a gradient becomes a change of the parameters. */
public interface Optimizer {

  /** Returns the learning rate before the schedule. */
  double rate();

  /** Returns all numbers by name, as identities of runs hold them: they must never change. */
  String describe();

  /** Returns the moments that this optimizer keeps for {@code size} parameters. */
  Update newUpdate(int size);

  /** The moments of a run, and the step that uses them. */
  interface Update {
    /** Changes the parameters from {@code from} up to {@code to}; elements are independent. */
    void apply(float[] parameters, float[] gradients, Step step, int from, int to);

    /** Returns the moments by name, the arrays themselves; a run is kept and resumed with them. */
    Map<String, float[]> moments();
  }

  /**
   * What one step needs to know.
   *
   * @param number number of the step, counted from 1 over the steps that were applied
   * @param rate learning rate, after the schedule
   * @param gradientScale factor of the gradient, from clipping by norm
   */
  record Step(long number, double rate, float gradientScale) {}
}
