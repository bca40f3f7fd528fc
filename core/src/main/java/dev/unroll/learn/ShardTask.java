package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.train.Training;
import java.io.Serializable;
import java.util.Map;

/**
 * What every shard computes between two points at which the shards meet: its gradient of a step, or
 * some steps of its own. What the shards computed is added up over all of them. A task can be
 * computed anywhere, as often as wanted, to the same bits.
 */
public interface ShardTask extends Serializable {

  /** How a shard hands over its values, where they are rounded; see {@link RoundedGradients}. */
  enum Sending {
    /** As they are; nothing is rounded in the run. */
    EXACT,
    /** Rounded; rounding has left nothing over before. */
    FIRST,
    /** Rounded, with what was left over before. */
    NEXT,
    /** As they are, with what was left over before; nothing is left over then. */
    LAST;

    /** Returns whether values are rounded. */
    public boolean rounds() {
      return this == FIRST || this == NEXT;
    }

    /** Returns whether something was left over before. */
    public boolean continues() {
      return this == NEXT || this == LAST;
    }
  }

  /**
   * What a shard found, besides its values.
   *
   * @param losses sum of the losses of its targets, of each step
   * @param norms norms of its own gradients, where it made steps by itself
   * @param carried what the same shard takes over next, by name
   */
  record Result(double[] losses, double[] norms, Map<String, float[]> carried) {}

  /** A task that has begun, on one thread of one machine. */
  @FunctionalInterface
  interface Work {

    /**
     * Computes a shard.
     *
     * @param carried what it takes over
     * @param values where its values go; zeros before
     */
    Result compute(Shard shard, Map<String, float[]> carried, float[] values);
  }

  /** Returns how many values a shard computes. */
  int size();

  /** Returns how the shards hand over their values. */
  Sending sending();

  /** Begins, with a learner of the run's data and options. */
  Work begin(ShardedLearner learner, Training options, Workers workers);

  /** Returns the same task, which stays what it is when the parameters of the run change. */
  ShardTask snapshot();
}
