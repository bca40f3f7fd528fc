package dev.unroll.train;

import dev.unroll.base.Workers;
import java.util.List;
import java.util.Map;

/**
 * A learner whose steps can be computed in shards, here or on several machines. What a shard
 * computes depends on the parameters, the step, its number and what it takes over, and on nothing
 * else: it can be computed again, by any learner of the same data and options, to the same bits.
 *
 * <pre>{@code
 * begin(parameters, step)                                wherever a shard is computed, and here
 * shard(k, carried(k), gradients) -> ShardLoss           once for each k, in any order, anywhere
 * end(all ShardLosses, by their numbers)                 here
 * settle(applied)
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

  /** Prepares for a step; the parameters must not change before it has ended. */
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
   * Ends a step.
   *
   * @param shards what its shards computed, in the order of their numbers
   * @return the loss of all of them
   */
  Loss end(List<ShardLoss> shards);
}
