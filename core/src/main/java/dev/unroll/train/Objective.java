package dev.unroll.train;

import dev.unroll.base.InputException;
import dev.unroll.file.Numbers;
import java.util.Locale;

/**
 * What training minimizes: the mean cross-entropy per token, and what is added to it. Losses that
 * are reported are the cross-entropy against the targets only.
 *
 * @param labelSmoothing share ε of the probability that the target hands to all tokens alike
 *     (Szegedy et al. 2016)
 * @param activationPenalty α of α·mean(a²) over the last layer's outputs after dropout (Merity et
 *     al. 2017)
 * @param temporalPenalty β of β·mean((a⟨t⟩ - a⟨t-1⟩)²) over its outputs before dropout
 */
public record Objective(double labelSmoothing, double activationPenalty, double temporalPenalty) {

  /** Only the cross-entropy. */
  public static final Objective CROSS_ENTROPY = new Objective(0, 0, 0);

  /** Checks the numbers. */
  public Objective {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new InputException("label smoothing is " + labelSmoothing, "It must be in [0, 1).");
    }
    Numbers.check("the activation penalty", activationPenalty, 0, 1e30);
    Numbers.check("the temporal penalty", temporalPenalty, 0, 1e30);
  }

  /** Returns all numbers by name, as identities of runs hold them: they must never change. */
  String describe() {
    return String.format(
        Locale.ROOT,
        "Objective[labelSmoothing=%s, activationPenalty=%s, temporalPenalty=%s]",
        labelSmoothing,
        activationPenalty,
        temporalPenalty);
  }
}
