package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.base.PoolingKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes how the outputs of a sequence become one vector. In a stream the vector is that of all
 * steps so far: what it needs of those before is a state, of which {@code count} is their number.
 */
final class PoolingWriter {

  private final GraphWriter g;
  private final Parameters parameters;
  private final StackWriter stack;
  private final Sequences sequences;
  private final @Nullable StreamWriter stream;
  private final int width;

  /**
   * Prepares to write.
   *
   * @param stream where states come from and go to; null where sequences are whole
   */
  PoolingWriter(
      GraphWriter g,
      Parameters parameters,
      StackWriter stack,
      Sequences sequences,
      @Nullable StreamWriter stream) {
    this.g = g;
    this.parameters = parameters;
    this.stack = stack;
    this.sequences = sequences;
    this.stream = stream;
    width = stack.outputs();
  }

  /** Returns the vector of each sequence, [batch][width]. */
  String write(PoolingKind kind, StackWriter.Output out) {
    g.part("pooling");
    return switch (kind) {
      case LAST -> last(out);
      case MEAN -> mean(out.output());
      case MAX -> max(out.output());
      case ATTENTION -> attention(out.output());
    };
  }

  /** [a→⟨T⟩, a←⟨1⟩], with the input of the last layer where that is added. */
  private String last(StackWriter.Output out) {
    List<String> ends = out.ends().getLast().stream().map(State::a).toList();
    String last = g.concat(1, ends);
    int layers = stack.layers().size();
    if (!stack.network().addsInput(layers - 1)) {
      return last;
    }
    String atLast = at(out.input(), sequences.last());
    if (stack.network().layers().getLast().direction() == Direction.FORWARD) {
      return g.add(last, atLast);
    }
    String forth = g.slice(atLast, 1, 0, width / 2);
    String back = g.slice(at(out.input(), sequences.first()), 1, width / 2, width);
    return g.add(last, g.concat(1, List.of(forth, back)));
  }

  /** Returns the values of the steps of which {@code flags} is 1. */
  private String at(String x, String flags) {
    return g.reduce("ReduceSum", g.multiply(x, flags), 0, false);
  }

  private String only(String x, double otherwise) {
    String mask = g.unsqueeze(sequences.mask(), 2);
    return g.choose(mask, x, g.number(Type.FLOAT, otherwise));
  }

  /** Returns the number of steps of each sequence, [batch][1]; those before included. */
  private String count(@Nullable String before) {
    String own = g.unsqueeze(g.cast(sequences.lengths(), Type.FLOAT), 1);
    return before == null ? own : g.add(before, own);
  }

  private String mean(String a) {
    String sum = g.reduce("ReduceSum", only(a, 0), 0, false);
    StreamWriter states = stream;
    if (states == null) {
      return g.divide(sum, count(null));
    }
    String all = count(states.receive("pool_count", 1, null));
    sum = g.add(states.receive("pool_sum", width, null), sum);
    states.give("pool_count", all, 1);
    states.give("pool_sum", sum, width);
    return g.divide(sum, all);
  }

  private String max(String a) {
    String own = g.reduce("ReduceMax", only(a, -Float.MAX_VALUE), 0, false);
    StreamWriter states = stream;
    if (states == null) {
      return own;
    }
    String before = states.receive("pool_count", 1, null);
    String known = states.receive("pool_max", width, null);
    String greater = g.choose(g.op("Less", own, known), known, own);
    String max = g.choose(any(before), greater, own);
    states.give("pool_count", count(before), 1);
    states.give("pool_max", max, width);
    return max;
  }

  private String any(String count) {
    return g.op("Less", g.number(Type.FLOAT, 0.5), count);
  }

  /** α = softmax over t of v·tanh(W a⟨t⟩ + b), p = Σ α⟨t⟩ a⟨t⟩. */
  private String attention(String a) {
    String product = g.product(a, parameters.turned(g, "attention.weight"));
    String hidden = g.op("Tanh", g.add(product, parameters.vector(g, "attention.bias")));
    float[] vector = parameters.get("attention.vector");
    String scores = g.product(hidden, g.parameters("attention.vector", vector, vector.length, 1));
    String rows = g.transpose(g.squeeze(only(scores, -Float.MAX_VALUE), 2), 1, 0);
    String shares = g.op("Softmax", Map.of("axis", 1), rows);
    String pooled = g.squeeze(g.product(g.unsqueeze(shares, 1), g.transpose(a, 1, 0, 2)), 1);
    return stream == null ? pooled : together(stream, pooled, rows);
  }

  /**
   * Joins the mean of the steps before, whose scores have the logarithm of the sum of their powers
   * L, with that of the new ones: their shares are σ(L - L′) and σ(L′ - L).
   */
  private String together(StreamWriter states, String pooled, String rows) {
    String logs = g.op("LogSoftmax", Map.of("axis", 1), rows);
    String total = g.slice(g.subtract(rows, logs), 1, 0, 1);
    String count = states.receive("pool_count", 1, null);
    String before = states.receive("pool_log", 1, null);
    String mean = states.receive("pool_mean", width, null);
    String ahead = g.subtract(total, before);
    String share = g.choose(any(count), g.op("Sigmoid", ahead), g.number(Type.FLOAT, 1));
    String joined = g.add(mean, g.multiply(share, g.subtract(pooled, mean)));
    String all = g.add(before, g.op("Softplus", ahead));
    states.give("pool_count", count(count), 1);
    states.give("pool_log", g.choose(any(count), all, total), 1);
    states.give("pool_mean", joined, width);
    return joined;
  }
}
