package dev.unroll.stack;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.network.Network;
import java.util.Locale;

/**
 * The description of a network that reads sequences of numbers, or of tokens, and gives out some
 * numbers of each step, or of all steps together.
 *
 * @param network embedding, where there are tokens, and layers; neither tied nor with cutoffs
 * @param inputs numbers of each step
 * @param outputs number of outputs, of each step or of the sequence
 * @param perStep whether each step has outputs, or only the last one
 */
public record SignalSpec(Network network, int inputs, int outputs, boolean perStep) {

  /** Checks that the parts fit. */
  public SignalSpec {
    if (network.tied() || !network.cutoffs().isEmpty()) {
      throw new InputException(
          "tied weights and an adaptive softmax are for language models", "Leave them out.");
    }
    if (inputs < 0 || outputs < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d inputs, %d outputs", inputs, outputs));
    }
    if (!perStep && network.layers().getLast().direction() == Direction.SUM) {
      throw new InputException(
          "if the outputs of both directions are added, no step holds the last of both",
          "Concatenate the outputs, or read forward.");
    }
  }
}
