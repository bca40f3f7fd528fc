package dev.unroll.train;

import dev.unroll.base.InputException;
import java.util.Locale;

/**
 * How fast some parameters learn, compared with the others (discriminative rates and gradual
 * unfreezing, Howard and Ruder 2018).
 *
 * @param layer the beginning of the names of the parameters, such as {@code layers.0} or {@code
 *     embedding}
 * @param factor the learning rate is multiplied with it; 0 leaves the parameters as they are
 * @param epochs in how many epochs at the beginning they are left as they are
 */
public record LayerRate(String layer, double factor, int epochs) {

  /** Checks the numbers. */
  public LayerRate {
    if (layer.isBlank()) {
      throw new InputException("a learning rate of no layer", "Name one, such as layers.0.");
    }
    if (!(factor >= 0 && factor <= 1000)) {
      throw new InputException(
          "the learning rate of " + layer + " is " + factor + " times the others'",
          "Give a factor in 0 … 1000; 0 leaves the layer as it is.");
    }
    if (epochs < 0) {
      throw new InputException(
          layer + " is frozen for " + epochs + " epochs", "Give 0 epochs or more.");
    }
  }

  /** Freezes a layer. */
  public static LayerRate frozen(String layer) {
    return new LayerRate(layer, 0, 0);
  }

  /** Returns whether it applies to a parameter. */
  public boolean isOf(String parameter) {
    return parameter.equals(layer) || parameter.startsWith(layer + ".");
  }

  /** Returns the factor in an epoch, counted from 0. */
  public float factor(int epoch) {
    return epoch < epochs ? 0f : (float) factor;
  }

  /** Returns it as identities of runs hold it. */
  String describe() {
    return String.format(Locale.ROOT, "%s × %s after %d epochs", layer, factor, epochs);
  }
}
