package dev.unroll.train;

import dev.unroll.base.InputException;

/**
 * What training aims at.
 *
 * @param ownTokens share of the tokens read that are the network's own at the end of training
 *     (scheduled sampling), in [0, 1]
 * @param exact whether the share of exact matches, written greedily, says which parameters are
 *     best, instead of the loss
 */
public record TransducerGoal(double ownTokens, boolean exact) {

  /** The least loss, after reading true tokens only. */
  public static final TransducerGoal LOSS = new TransducerGoal(0, false);

  /** Checks the share. */
  public TransducerGoal {
    if (!(ownTokens >= 0 && ownTokens <= 1)) {
      throw new InputException("scheduled sampling is " + ownTokens, "It must be in [0, 1].");
    }
  }
}
