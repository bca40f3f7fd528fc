package dev.unroll.interop.export;

import dev.unroll.base.AttentionKind;
import java.util.List;
import java.util.Map;

/**
 * Writes the attention of a decoder: of what it attends to the keys are computed once, when the
 * source is read.
 */
final class AttentionWriter {

  private static final String PREFIX = "decoder.attention.";

  private final Parameters parameters;
  private final boolean additive;

  AttentionWriter(Parameters parameters, AttentionKind kind) {
    this.parameters = parameters;
    additive = kind == AttentionKind.ADDITIVE;
  }

  /** Returns the width of keys and of o. */
  int width() {
    return parameters.rows(PREFIX + "key.weight");
  }

  /**
   * Returns the keys of what was read, [batch][source][width].
   *
   * @param memory [batch][source][memory width]
   */
  String keys(GraphWriter g, String memory) {
    g.part("attention");
    String keys = g.product(memory, parameters.turned(g, PREFIX + "key.weight"));
    return additive ? g.add(keys, parameters.vector(g, PREFIX + "bias")) : keys;
  }

  /**
   * What a step attends to.
   *
   * @param output o⟨t⟩, [batch][width]
   * @param shares α⟨t⟩, [batch][source]
   */
  record Output(String output, String shares) {}

  /**
   * Writes one step.
   *
   * @param query q⟨t⟩, [batch][width]
   * @param mask whether a source has a place, [batch][source]
   */
  Output write(GraphWriter g, String query, String memory, String keys, String mask) {
    g.part("attention");
    String scores = additive ? additive(g, query, keys) : multiplicative(g, query, keys);
    String masked = g.choose(mask, scores, g.number(Type.FLOAT, -Float.MAX_VALUE));
    String shares = g.op("Softmax", Map.of("axis", 1), masked);
    String context = g.squeeze(g.product(g.unsqueeze(shares, 1), memory), 1);
    String both = g.concat(1, List.of(context, query));
    String output = g.op("Tanh", g.product(both, parameters.turned(g, PREFIX + "output.weight")));
    return new Output(output, shares);
  }

  /** q·(Wk h). */
  private static String multiplicative(GraphWriter g, String query, String keys) {
    return g.squeeze(g.product(keys, g.unsqueeze(query, 2)), 2);
  }

  /** v·tanh(Wq q + Wk h + b). */
  private String additive(GraphWriter g, String query, String keys) {
    String own = g.product(query, parameters.turned(g, PREFIX + "query.weight"));
    String hidden = g.op("Tanh", g.add(keys, g.unsqueeze(own, 1)));
    float[] vector = parameters.get(PREFIX + "vector");
    String v = g.parameters(PREFIX + "vector", vector, vector.length, 1);
    return g.squeeze(g.product(hidden, v), 2);
  }
}
