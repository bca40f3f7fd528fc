package dev.unroll.train;

import dev.unroll.base.InputException;
import java.util.Locale;

/**
 * Parameters drawn towards 0.
 *
 * @param value strength λ; 0 for none
 * @param decoupled whether parameters shrink by themselves, θ ← θ - rate·λ·θ (Loshchilov and Hutter
 *     2019: Adam becomes AdamW), or through the gradient, g ← g + λ·θ, like an L2 penalty
 */
public record WeightDecay(double value, boolean decoupled) {

  /** No decay. */
  public static final WeightDecay NONE = new WeightDecay(0, false);

  /** Checks the strength. */
  public WeightDecay {
    if (!(value >= 0 && value <= 1)) {
      throw new InputException("the weight decay is " + value, "It must be in [0, 1].");
    }
  }

  /** Returns all numbers by name, as identities of runs hold them: they must never change. */
  String describe() {
    return String.format(Locale.ROOT, "WeightDecay[value=%s, decoupled=%s]", value, decoupled);
  }
}
