package dev.unroll.task.lm;

import dev.unroll.head.Candidates;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Steps;
import dev.unroll.train.Objective;
import org.jspecify.annotations.Nullable;

/**
 * How a batch is taken in a step of training.
 *
 * @param noise random numbers for dropout, or null for none
 * @param objective what is minimized
 * @param tokens targets of the whole step, of which the batch has a part or all
 * @param whole the shape of the batch of which this one is a shard; null where it is no shard
 * @param candidates what targets compete with; null for the whole vocabulary
 */
public record LanguagePass(
    @Nullable CounterRandom noise,
    Objective objective,
    int tokens,
    @Nullable Steps whole,
    @Nullable Candidates candidates) {

  /** How a batch is taken that is no shard of another. */
  public LanguagePass(@Nullable CounterRandom noise, Objective objective, int tokens) {
    this(noise, objective, tokens, null, null);
  }
}
