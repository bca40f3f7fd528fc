package dev.unroll.train;

import dev.unroll.base.Workers;
import dev.unroll.file.Numbers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.CounterRandom.Purpose;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Trainer;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
   * What a network does on the validation part.
   *
   * @param loss mean loss per target
   * @param measure the task's own measure that chooses the best model, or null where the loss does
   */
  record Validation(double loss, @Nullable Measure measure) {
    /** Returns what is to be as low as it can. */
    public double criterion() {
      return measure == null ? loss : -measure.value;
    }
  }

  /**
   * A measure of which more is better.
   *
   * @param name the field's name of it, such as accuracy
   * @param value its value, a share in [0, 1]; of label accuracy it may be negative
   * @param error its standard error on the validation part: of values that differ by less the lower
   *     loss decides; 0 where the value decides by itself
   */
  record Measure(String name, double value, double error) {
    /** A measure whose value decides by itself. */
    public Measure(String name, double value) {
      this(name, value, 0);
    }

    /**
     * The share of some items, with its standard error; that of a share near 0 or 1 is that of one
     * with an item more of either kind.
     */
    public static Measure ofShare(String name, double value, long items) {
      double share = (Math.clamp(value, 0, 1) * items + 1) / (items + 2);
      return new Measure(name, value, Math.sqrt(share * (1 - share) / Math.max(1, items)));
    }

    /** Returns the name as people say it: {@code span F1} for {@code span-f1}. */
    public String title() {
      return name.replace("-f1", " F1");
    }

    /** Returns such as {@code span F1 94.38%}. */
    @Override
    public String toString() {
      return title() + " " + Numbers.percent(value);
    }
  }

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
