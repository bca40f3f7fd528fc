package dev.unroll.train.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a gradient becomes a change of the parameters. */
public interface Optimizer {

  /** Returns the learning rate before the schedule. */
  double rate();

  /** Returns all numbers by name, as identities of runs hold them: they must never change. */
  String describe();

  /** Returns the moments that this optimizer keeps for {@code size} parameters. */
  Update newUpdate(int size);

  /** The moments of a run, and the steps that use them. */
  interface Update {
    /** Changes the parameters from {@code from} up to {@code to}; elements are independent. */
    void apply(float[] parameters, float[] gradients, Step step, int from, int to);

    /** Returns what a step changes; here is the place to compute once what all parameters share. */
    default Change at(Step step) {
      return new Applied(this, step);
    }

    /**
     * Makes the changes of some steps in a row whose gradients were zeros, to the same bits as if
     * each had been made in its time.
     *
     * @param gradients zeros from {@code from} up to {@code to}
     * @param missed the changes, in the order of their steps
     */
    default void catchUp(
        float[] parameters, float[] gradients, List<Change> missed, int from, int to) {
      for (Change each : missed) {
        each.apply(parameters, gradients, from, to);
      }
    }

    /** Returns a list of steps, empty at first, that some parameters miss. */
    default Missed newMissed() {
      return new MissedOneByOne(this, new ArrayList<>());
    }

    /** Returns the moments by name, the arrays themselves; a run is kept and resumed with them. */
    Map<String, float[]> moments();
  }

  /** What a step changes. */
  interface Change {
    /** Returns the step. */
    Step step();

    /** Changes the parameters from {@code from} up to {@code to}; elements are independent. */
    void apply(float[] parameters, float[] gradients, int from, int to);
  }

  /**
   * What {@link Update#apply} changes.
   *
   * @param update the moments
   */
  record Applied(Update update, Step step) implements Change {
    @Override
    public void apply(float[] parameters, float[] gradients, int from, int to) {
      update.apply(parameters, gradients, step, from, to);
    }
  }

  /** Steps in a row that some parameters miss, as their gradients are zeros. */
  interface Missed {
    /** Adds the next step. */
    void add(Step step);

    /** Returns the number of steps. */
    int count();

    /**
     * Makes up for the steps from number {@code next} on, counted from 0: to the same bits as if
     * each had been made in its time.
     *
     * @param gradients zeros from {@code from} up to {@code to}
     */
    void catchUp(int next, float[] parameters, float[] gradients, int from, int to);

    /** Forgets the steps. */
    void clear();
  }

  /**
   * Steps that are made one by one.
   *
   * @param changes what they change
   */
  record MissedOneByOne(Update update, List<Change> changes) implements Missed {
    @Override
    public void add(Step step) {
      changes.add(update.at(step));
    }

    @Override
    public int count() {
      return changes.size();
    }

    @Override
    public void catchUp(int next, float[] parameters, float[] gradients, int from, int to) {
      update.catchUp(parameters, gradients, changes.subList(next, changes.size()), from, to);
    }

    @Override
    public void clear() {
      changes.clear();
    }
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
