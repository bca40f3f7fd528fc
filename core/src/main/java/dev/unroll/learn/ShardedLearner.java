package dev.unroll.learn;

import dev.unroll.base.Workers;
import java.util.List;
import java.util.Map;

/**
 * A learner whose steps can be computed in shards, here or on several machines. What a shard
 * computes depends on the parameters, the step, its number and what it takes over, and on nothing
 * else: it can be computed again, by any learner of the same data and options, to the same bits.
 *
 * <pre>{@code
 * begin(parameters, step)                                wherever a shard is computed
 * shard(k, carried(k), gradients) -> ShardLoss           once for each k, in any order, anywhere
 * join(what all shards carry on, by their numbers)       here
 * loss(step, sum of the losses)                          here
 * settle(applied, parameters)
 * }</pre>
 */
public interface ShardedLearner extends Learner {

  /**
   * What a shard of a step computed, besides its gradient.
   *
   * @param sum sum of the losses of its targets
   * @param carried what the same shard of the next step takes over, by name
   */
  record ShardLoss(double sum, Map<String, float[]> carried) {}

  /** Prepares for shards of a step; the parameters must not change before they are computed. */
  void begin(float[] parameters, Step step, Workers workers);

  /**
   * Returns what a shard of the next step takes over from the last, as {@link #carried()} does for
   * all of it.
   */
  Map<String, float[]> carried(Shard shard);

  /**
   * Computes a shard of the step that has begun: adds its share of the gradient of the step's mean
   * loss to {@code gradients}, which are zeros before. The gradients of all shards add up to that
   * of the step.
   *
   * @param carried what {@link #carried(Shard)} returned
   */
  ShardLoss shard(Shard shard, Map<String, float[]> carried, float[] gradients, Workers workers);

  /**
   * Takes over what the shards of the last step carry on.
   *
   * @param carried what each {@link ShardLoss} says of it, in the order of the shards
   */
  void join(List<Map<String, float[]>> carried);

  /** Returns the loss of a step, with the number of its targets, of the sum over its shards. */
  Loss loss(Step step, double sum);
}
