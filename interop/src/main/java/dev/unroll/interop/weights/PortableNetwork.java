package dev.unroll.interop.weights;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network that came from another framework, or goes to one: embedding, recurrent layers, pooling
 * and a linear layer. It never changes.
 *
 * @param embedding one vector for each token, [V][E]; null where the first layer reads numbers, or
 *     tokens one-hot
 * @param layers recurrent layers, the first next to the input
 * @param pooling how a sequence becomes one vector; null where each step has outputs
 * @param head null where the network ends with the last recurrent layer
 */
public record PortableNetwork(
    @Nullable Tensor embedding,
    List<PortableLayer> layers,
    @Nullable PoolingKind pooling,
    @Nullable PortableHead head) {

  /**
   * Creates a network.
   *
   * @throws InputException if a part does not fit the one below
   */
  public PortableNetwork {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new InputException("a network without recurrent layers", "Give at least one.");
    }
    if (embedding != null && (embedding.shape().rank() != 2 || embedding.size() == 0)) {
      throw new InputException(
          "an embedding of shape " + embedding.shape(), "Give one row for each token.");
    }
    int width = embedding == null ? layers.getFirst().cell().inputs() : embedding.shape().axis(1);
    for (int i = 0; i < layers.size(); i++) {
      requireWidth("recurrent layer " + i, layers.get(i).cell().inputs(), width);
      width = layers.get(i).outputs();
    }
    if (head != null) {
      requireWidth("the linear layer", head.inputs(), width);
    }
  }

  private static void requireWidth(String what, int inputs, int width) {
    if (inputs != width) {
      throw new InputException(
          what + " reads " + inputs + " numbers, but the layer below gives " + width,
          "Take the layers in their order; nothing may lie between them.");
    }
  }

  /** The same network with another embedding. */
  public PortableNetwork withEmbedding(Tensor other) {
    return new PortableNetwork(other, layers, pooling, head);
  }

  /** The same network with another linear layer at its end, or none. */
  public PortableNetwork withHead(@Nullable PortableHead other) {
    return new PortableNetwork(embedding, layers, pooling, other);
  }

  /** The width of what the last recurrent layer gives. */
  public int outputs() {
    return layers.getLast().outputs();
  }
}
