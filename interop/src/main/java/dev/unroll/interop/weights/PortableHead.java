package dev.unroll.interop.weights;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The linear layer at the end.
 *
 * @param weight [outputs][inputs]
 * @param bias [outputs]; null for zeros
 * @param sigmoids whether each output is a probability of its own, and not all together by a
 *     softmax
 */
public record PortableHead(Tensor weight, @Nullable Tensor bias, boolean sigmoids) {

  /**
   * Creates a head.
   *
   * @throws InputException if the shapes do not fit
   */
  public PortableHead {
    boolean fits = weight.shape().rank() == 2 && weight.size() > 0;
    if (!fits
        || (bias != null && !bias.shape().axes().equals(weight.shape().axes().subList(0, 1)))) {
      throw new InputException(
          "a linear layer of weights "
              + weight.shape()
              + (bias == null ? "" : " and a bias " + bias.shape()),
          "Give weights [outputs][inputs] and a bias [outputs], of one layer.");
    }
  }

  /** The number of inputs. */
  public int inputs() {
    return weight.shape().axis(1);
  }

  /** The number of outputs. */
  public int outputs() {
    return weight.shape().axis(0);
  }
}
