package dev.unroll.interop.export;

import dev.unroll.network.Network;

/**
 * Writes what the cells of one way of a layer multiply by its weights, with layer normalization
 * where there is any.
 *
 * @param parameters those of the model
 * @param layer its description
 * @param prefix what the names of the way's parameters begin with
 */
record WayWeights(Parameters parameters, Network.Layer layer, String prefix) {

  /** Wx x⟨t⟩ + b, or gain ∗ LN(Wx x⟨t⟩) + b, of all steps. */
  String inputShare(GraphWriter g, String x) {
    String product = g.product(x, parameters.turned(g, prefix + "input.weight"));
    if (layer.normalized()) {
      String gain = parameters.vector(g, prefix + "input.gain");
      product = g.multiply(gain, normalize(g, product, 2));
    }
    return g.add(product, parameters.vector(g, prefix + "bias"));
  }

  /** Returns the recurrent product of the gates from {@code first} up to {@code end}. */
  String recurrent(GraphWriter body, String state, int first, int end) {
    int units = layer.units();
    int from = first * units;
    int to = end * units;
    String weights = parameters.turned(body, prefix + "recurrent.weight", from, to);
    String product = body.product(state, weights);
    if (!layer.normalized()) {
      return product;
    }
    String gain = parameters.vector(body, prefix + "recurrent.gain", from, to);
    return body.multiply(gain, normalize(body, product, 1));
  }

  /** Returns what tanh is taken of in an LSTM: c⟨t⟩, or gain ∗ LN(c⟨t⟩) + bias. */
  String squashed(GraphWriter body, String memory) {
    if (!layer.normalized()) {
      return memory;
    }
    String gain = parameters.vector(body, prefix + "cell.gain");
    String bias = parameters.vector(body, prefix + "cell.bias");
    return body.add(body.multiply(gain, normalize(body, memory, 1)), bias);
  }

  /** Returns a vector of the cell's own parameters. */
  String own(GraphWriter body, String name, int row) {
    float[] values = parameters.rows(prefix + name, row, row + 1);
    return body.parameters(prefix + name + "." + row, values, values.length);
  }

  /** (x - mean) / √(variance + ε) along the last axis, which is {@code axis}. */
  private static String normalize(GraphWriter g, String x, int axis) {
    String centered = g.subtract(x, g.reduce("ReduceMean", x, axis, true));
    String variance = g.reduce("ReduceMean", g.multiply(centered, centered), axis, true);
    String scale = g.op("Sqrt", g.add(variance, g.number(Type.FLOAT, 1e-5f)));
    return g.divide(centered, scale);
  }
}
