package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.CounterRandom.Purpose;
import dev.unroll.kernel.Slice;
import dev.unroll.train.Validation;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Trainer} trains: a network with its texts and its loss. The trainer owns the
 * parameters, the optimizer, the schedule and the checkpoints; a learner knows what a batch is.
 * Used by one thread, which lends its workers.
 */
public interface Learner {

  /** Returns first values of all parameters, determined by {@code seed}. */
  float[] initialize(long seed);

  /** Returns the names and places of all parameters; nothing where no option needs them. */
  default List<Slice> slices() {
    return List.of();
  }

  /** Returns the number of batches of an epoch. */
  int batches(int epoch);

  /**
   * The rows of a parameter matrix that a step reads, such as the vectors of its tokens. The step
   * reads no others, and their gradients are zeros.
   *
   * @param matrix where the matrix lies
   * @param rows numbers of the rows, ascending, each once
   */
  record UsedRows(Slice matrix, int[] rows) {

    /** Returns the place of the first element of a row. */
    public int from(int row) {
      return matrix.offset() + row * matrix.columns();
    }

    /** Returns the place after the last element of a row. */
    public int to(int row) {
      return from(row) + matrix.columns();
    }
  }

  /**
   * Returns of which matrices a step uses a few rows only. An optimizer need not change the others
   * before a step uses them: a large vocabulary then costs no more than the tokens of a batch. The
   * matrices are the same ones in each step; none by default, where all parameters are used.
   */
  default List<UsedRows> rows(Step step) {
    return List.of();
  }

  /**
   * Some batches that are one step together.
   *
   * @param epoch number of the epoch, from 0
   * @param from the first batch of the epoch
   * @param to after the last
   * @param random random numbers of this step only, for dropout
   */
  record Step(int epoch, int from, int to, CounterRandom random) implements Serializable {

    /** Numbers of the batches whose gradients are added up: after all that a batch uses. */
    private static final long BATCHES = 1L << 40;

    /** Numbers of the shards of a batch. */
    private static final long SHARDS = 1L << 41;

    /**
     * Some batches of an epoch in a run.
     *
     * @param seed the seed of the run
     * @param number the number of the step in the run, from 1
     */
    public static Step of(long seed, long number, int epoch, int from, int to) {
      return new Step(epoch, from, to, CounterRandom.of(seed, Purpose.DROPOUT, number));
    }

    /** Returns the random numbers of a shard of one of the batches, counted from 0. */
    public CounterRandom random(int batch, Shard shard) {
      CounterRandom all = to - from == 1 ? random : random.part(BATCHES + batch);
      return shard.isWhole() ? all : all.part(SHARDS + shard.number());
    }
  }

  /**
   * What a step computed.
   *
   * @param sum sum of the losses of all targets
   * @param targets number of targets
   * @param length steps that the batches have, where their lengths are drawn at random: the
   *     learning rate is multiplied with {@code length / usualLength}
   * @param usualLength steps that they have in the mean
   */
  record Loss(double sum, int targets, int length, double usualLength) {
    /** The loss of batches of no drawn length. */
    public Loss(double sum, int targets) {
      this(sum, targets, 1, 1);
    }

    /** Returns the mean loss per target. */
    public double mean() {
      return sum / targets;
    }
  }

  /**
   * Computes the loss of a step and adds the gradient of its mean to {@code gradients}, which are
   * zeros before.
   */
  Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers);

  /**
   * Receives what became of the last step, before the next; of use where something is carried over.
   *
   * @param applied whether its gradient was finite and was applied. If not, nothing that the step
   *     computed may be carried over
   * @param parameters those that the next step begins with
   */
  default void settle(boolean applied, float[] parameters) {}

  /**
   * Returns whether a step depends on how many epochs the run has, so that their number cannot
   * change once it has begun.
   */
  default boolean needsEnd() {
    return false;
  }

  /** Measures parameters on the validation part. */
  Validation validate(float[] parameters, Workers workers);

  /**
   * Returns what the next step takes over from the last, by name; the arrays are not copied.
   * Nothing where no sequence continues where another ended.
   */
  default Map<String, float[]> carried() {
    return Map.of();
  }

  /**
   * Takes over what {@link #carried} returned when the run was kept.
   *
   * @throws IllegalArgumentException if that is not of this network
   */
  default void restore(Map<String, float[]> carried) {}
}
