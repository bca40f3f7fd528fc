package dev.unroll.interop.weights;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets a network that reads a token before each sentence begin with zeros, as ours do, without
 * another result.
 *
 * <pre>{@code
 * W x + b  =  W (x - s) + (b + W s)      s: the vector of the token, which so becomes zeros
 * }</pre>
 *
 * <p>All vectors of the embedding lose s, and the biases of the first layer get W s. Where the
 * linear layer at the end has the same weights, each of its outputs loses the same s·a, to which a
 * softmax is blind.
 */
public final class StartToken {

  private StartToken() {}

  /**
   * The same function, whose sentences begin with zeros in place of a token.
   *
   * @param token the row of the embedding
   */
  public static PortableNetwork absorbed(PortableNetwork network, int token) {
    Tensor embedding = Objects.requireNonNull(network.embedding());
    int width = embedding.shape().axis(1);
    double[] values = embedding.doubles();
    double[] start = Arrays.copyOfRange(values, token * width, (token + 1) * width);
    for (int i = 0; i < values.length; i++) {
      values[i] -= start[i % width];
    }
    Tensor moved = Tensor.adopt(ElementType.DOUBLE, embedding.shape(), values);
    var layers = new ArrayList<>(network.layers());
    PortableLayer first = layers.getFirst();
    PortableCell forward = moved(first.forward(), start);
    layers.set(0, new PortableLayer(forward, moved(first.backward(), start), first.summed()));
    PortableHead head = network.head();
    if (head != null && Conversion.isTied(network)) {
      head = new PortableHead(moved, head.bias(), head.sigmoids());
    }
    return new PortableNetwork(moved, List.copyOf(layers), network.pooling(), head);
  }

  private static @Nullable PortableCell moved(@Nullable PortableCell cell, double[] start) {
    if (cell == null) {
      return null;
    }
    var gates = new EnumMap<Gate, GateWeights>(Gate.class);
    cell.gates()
        .forEach(
            (gate, each) -> {
              Tensor bias = bias(each, start);
              gates.put(
                  gate,
                  new GateWeights(
                      each.input(), each.recurrent(), bias, each.recurrentBias(), each.peephole()));
            });
    return new PortableCell(cell.form(), gates, cell.projection());
  }

  /** b + W s. */
  private static Tensor bias(GateWeights gate, double[] start) {
    int units = gate.input().shape().axis(0);
    double[] weights = gate.input().doubles();
    double[] bias = gate.inputBias() == null ? new double[units] : gate.inputBias().doubles();
    for (int i = 0; i < weights.length; i++) {
      bias[i / start.length] += weights[i] * start[i % start.length];
    }
    return Tensor.adopt(ElementType.DOUBLE, Shape.of(units), bias);
  }
}
