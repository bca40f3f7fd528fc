package dev.unroll.interop.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes heads: linear ones, softmaxes over tokens, plain or adaptive. */
final class HeadWriter {

  private HeadWriter() {}

  /**
   * Writes {@code W x + b} over the last axis.
   *
   * @param prefix what the names of weight and bias begin with
   */
  static String linear(GraphWriter g, Parameters parameters, String prefix, String x) {
    g.part(prefix.substring(0, prefix.length() - 1));
    String product = g.product(x, parameters.turned(g, prefix + "weight"));
    return g.add(product, parameters.vector(g, prefix + "bias"));
  }

  /**
   * Writes the log-probabilities of all tokens.
   *
   * @param x what the last layer gives, [batch][steps][units]
   * @param tied the name of the embedding whose weights are the head's; empty for own ones
   * @param cutoffs ids at which clusters of an adaptive softmax begin; none for a plain one
   * @return [batch][steps][vocabulary]
   */
  static String logProbabilities(
      GraphWriter g, Parameters parameters, String x, String tied, List<Integer> cutoffs) {
    if (!tied.isEmpty()) {
      return logSoftmax(g, tied(g, parameters, x, tied));
    }
    String first = logSoftmax(g, linear(g, parameters, "head.", x));
    if (cutoffs.isEmpty()) {
      return first;
    }
    int listed = cutoffs.getFirst();
    var parts = new ArrayList<String>();
    parts.add(g.slice(first, 2, 0, listed));
    for (int i = 0; i < cutoffs.size(); i++) {
      String prefix = "head.clusters." + i + ".";
      String narrow = g.product(x, parameters.turned(g, prefix + "projection.weight"));
      String own = logSoftmax(g, linear(g, parameters, prefix, narrow));
      parts.add(g.add(own, g.slice(first, 2, listed + i, listed + i + 1)));
    }
    return g.concat(2, parts);
  }

  /** Gemm reads the embedding as it lies, so that the file holds it once. */
  private static String tied(GraphWriter g, Parameters parameters, String x, String embedding) {
    g.part("head");
    int units = parameters.columns(embedding);
    String rows = g.reshape(x, -1, units);
    String weights = parameters.matrix(g, embedding);
    String bias = parameters.vector(g, "head.bias");
    String logits = g.op("Gemm", Map.of("transB", 1), rows, weights, bias);
    String shape = g.slice(g.op("Shape", x), 0, 0, 2);
    return g.op(
        "Reshape", logits, g.concat(0, List.of(shape, g.integers(parameters.rows(embedding)))));
  }

  static String logSoftmax(GraphWriter g, String x) {
    return g.op("LogSoftmax", Map.of("axis", 2), x);
  }
}
