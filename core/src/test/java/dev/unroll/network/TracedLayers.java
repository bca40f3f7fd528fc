package dev.unroll.network;

import dev.unroll.base.Direction;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Embedding;
import dev.unroll.network.Trace.Value;
import dev.unroll.stack.ParameterizedNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The layers of a network without dropout, straight from the equations, one sequence and one step
 * at a time, for the references of whole networks: what they compute remembers its derivatives.
 */
public final class TracedLayers {

  private static final double EPSILON = 1e-5;

  public final Trace trace = new Trace();
  private final List<Slice> slices;
  private final Value[] parameters;

  /** The least variance that was divided by, but for zero, where all elements are alike. */
  private double leastVariance = Double.POSITIVE_INFINITY;

  public TracedLayers(ParameterizedNetwork<?> network, double[] values) {
    slices = network.slices();
    parameters = Arrays.stream(values).mapToObj(trace::constant).toArray(Value[]::new);
  }

  public double leastVariance() {
    return leastVariance;
  }

  /** Returns the derivatives of {@code loss} by all parameters. */
  public double[] gradient(Value loss) {
    trace.backward(loss);
    return Arrays.stream(parameters).mapToDouble(each -> each.gradient).toArray();
  }

  /** a and c of a layer; c is empty where it has none. */
  public record State(Value[] a, Value[] c) {}

  /** Reads a sequence, adds the last state of each layer, both ways side by side, to ends. */
  public List<Value[]> read(
      Network network, String prefix, List<Value[]> inputs, List<State> ends) {
    List<Value[]> rows = inputs;
    for (int i = 0; i < network.layers().size(); i++) {
      Network.Layer layer = network.layers().get(i);
      String own = prefix + "layers." + i + ".";
      var way = new ArrayList<Value[]>();
      State end = run(layer, own, rows, way);
      List<Value[]> outputs = way;
      if (layer.direction() != Direction.FORWARD) {
        var back = new ArrayList<Value[]>();
        State endBack = run(layer, own + "reverse.", rows.reversed(), back);
        Collections.reverse(back);
        boolean sums = layer.direction() == Direction.SUM;
        outputs =
            IntStream.range(0, rows.size())
                .mapToObj(
                    t -> sums ? plus(way.get(t), back.get(t)) : joined(way.get(t), back.get(t)))
                .toList();
        end = new State(joined(end.a, endBack.a), joined(end.c, endBack.c));
      }
      ends.add(end);
      List<Value[]> below = rows;
      List<Value[]> above = outputs;
      rows =
          network.addsInput(i)
              ? IntStream.range(0, above.size())
                  .mapToObj(t -> plus(below.get(t), above.get(t)))
                  .toList()
              : above;
    }
    return rows;
  }

  /** Reads a sequence in one direction, from the learned start where there is one. */
  public State run(Network.Layer layer, String prefix, List<Value[]> rows, List<Value[]> outputs) {
    boolean memory = layer.cell().hasMemory();
    var state =
        new State(
            start(prefix + "start.a", layer.units()),
            start(prefix + "start.c", memory ? layer.units() : 0));
    for (Value[] x : rows) {
      state = step(layer, prefix, x, state);
      outputs.add(state.a);
    }
    return state;
  }

  /** What came out last of each way: of one that reads back, at the first step. */
  public static Value[] last(Network network, List<Value[]> outputs) {
    Value[] last = outputs.getLast().clone();
    boolean both = network.layers().getLast().direction() == Direction.BOTH;
    int back = both ? last.length / 2 : last.length;
    System.arraycopy(outputs.getFirst(), back, last, back, last.length - back);
    return last;
  }

  private Value[] start(String name, int width) {
    return has(name) ? all(name) : zeros(width);
  }

  public State step(Network.Layer layer, String prefix, Value[] x, State before) {
    var cell = new CellStep(layer, prefix, before.a);
    Value[] input =
        plus(cell.scaled(product(prefix + "input.weight", x), "input.gain", 0), cell.own("bias"));
    return switch (layer.cell().label()) {
      case "rnn-tanh" -> new State(tanh(plus(input, cell.product(0, 1))), before.c);
      case "lstm" -> {
        Value[] z = plus(input, cell.product(0, 4));
        Value[] u = sigmoid(cell.gate(z, 0));
        Value[] f = sigmoid(cell.gate(z, 1));
        Value[] candidate = tanh(cell.gate(z, 2));
        Value[] o = sigmoid(cell.gate(z, 3));
        Value[] c = plus(times(u, candidate), times(f, before.c));
        Value[] seen = cell.scaled(c, "cell.gain", 0);
        seen = layer.normalized() ? plus(seen, cell.own("cell.bias")) : seen;
        yield new State(times(o, tanh(seen)), c);
      }
      case "gru-simplified" -> {
        Value[] z = plus(input, cell.product(0, 2));
        yield gated(sigmoid(cell.gate(z, 0)), tanh(cell.gate(z, 1)), before);
      }
      case "gru" -> {
        Value[] z = plus(Arrays.copyOf(input, 2 * layer.units()), cell.product(0, 2));
        Value[] r = sigmoid(cell.gate(z, 1));
        Value[] seen = cell.product(2, 1, times(r, before.a));
        yield gated(sigmoid(cell.gate(z, 0)), tanh(plus(cell.gate(input, 2), seen)), before);
      }
      case "min-gru" -> gated(sigmoid(cell.gate(input, 0)), cell.gate(input, 1), before);
      case "min-lstm" -> {
        Value[] u = sigmoid(cell.gate(input, 0));
        Value[] f = sigmoid(cell.gate(input, 1));
        yield gated(quotients(u, plus(u, f)), cell.gate(input, 2), before); // 1 - u/(u+f) = f/(u+f)
      }
      default -> throw new IllegalArgumentException(layer.cell().label());
    };
  }

  private State gated(Value[] u, Value[] candidate, State before) {
    Value[] keeps = Arrays.stream(u).map(trace::complement).toArray(Value[]::new);
    return new State(plus(times(u, candidate), times(keeps, before.a)), before.c);
  }

  /** The products of a step of one cell, normalized where its layer is. */
  private final class CellStep {
    private final Network.Layer layer;
    private final String prefix;
    private final Value[] before;

    CellStep(Network.Layer layer, String prefix, Value[] before) {
      this.layer = layer;
      this.prefix = prefix;
      this.before = before;
    }

    Value[] own(String name) {
      return all(prefix + name);
    }

    Value[] gate(Value[] z, int gate) {
      return Arrays.copyOfRange(z, gate * layer.units(), (gate + 1) * layer.units());
    }

    /** Wa a⟨t-1⟩ of some gates, which are normalized together. */
    Value[] product(int gate, int count) {
      return product(gate, count, before);
    }

    Value[] product(int gate, int count, Value[] state) {
      int row = gate * layer.units();
      int end = row + count * layer.units();
      Value[] weight = own("recurrent.weight");
      Value[] some = Arrays.copyOfRange(weight, row * state.length, end * state.length);
      return scaled(TracedLayers.this.product(some, state), "recurrent.gain", row);
    }

    /** gain ∗ LN(x), or x without layer normalization. */
    Value[] scaled(Value[] x, String gain, int from) {
      return layer.normalized()
          ? times(Arrays.copyOfRange(own(gain), from, from + x.length), standard(x))
          : x;
    }
  }

  /** Brings the elements to mean 0 and variance 1. */
  private Value[] standard(Value[] x) {
    Value share = trace.constant(-1.0 / x.length);
    Value minusMean = trace.times(trace.sum(x), share);
    Value[] centered = Arrays.stream(x).map(v -> trace.plus(v, minusMean)).toArray(Value[]::new);
    Value variance =
        trace.times(trace.sum(times(centered, centered)), trace.constant(1.0 / x.length));
    if (variance.value > 0) {
      leastVariance = Math.min(leastVariance, variance.value);
    }
    Value scale = trace.inverseRoot(trace.plus(variance, trace.constant(EPSILON)));
    return Arrays.stream(centered).map(v -> trace.times(v, scale)).toArray(Value[]::new);
  }

  /** The vector of a token; zeros before the first. */
  public Value[] embedded(Network network, String prefix, int token) {
    int width = network.embeddingWidth();
    if (token == Embedding.START) {
      return zeros(width);
    }
    Value[] vectors = all(prefix + "embedding.weight");
    return Arrays.copyOfRange(vectors, token * width, (token + 1) * width);
  }

  /** Returns whether there are parameters whose names begin so. */
  public boolean has(String prefix) {
    return slices.stream().anyMatch(slice -> slice.name().startsWith(prefix));
  }

  /** Returns all parameters of a name. */
  public Value[] all(String name) {
    Slice slice =
        slices.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    return Arrays.copyOfRange(parameters, slice.offset(), slice.offset() + slice.size());
  }

  public Value[] product(String weight, Value[] x) {
    return product(all(weight), x);
  }

  /** W x; W has as many columns as x has elements. */
  public Value[] product(Value[] weight, Value[] x) {
    var y = new Value[weight.length / x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = trace.sum(times(Arrays.copyOfRange(weight, i * x.length, (i + 1) * x.length), x));
    }
    return y;
  }

  /** The cross-entropy of a softmax of logits. */
  public Value crossEntropy(Value[] logits, int target) {
    Value[] shares = Arrays.stream(logits).map(trace::exp).toArray(Value[]::new);
    return trace.negativeLog(trace.quotient(shares[target], trace.sum(shares)));
  }

  Value[] constants(double... values) {
    return Arrays.stream(values).mapToObj(trace::constant).toArray(Value[]::new);
  }

  public Value[] zeros(int width) {
    return constants(new double[width]);
  }

  public static Value[] joined(Value[] x, Value[] y) {
    Value[] both = Arrays.copyOf(x, x.length + y.length);
    System.arraycopy(y, 0, both, x.length, y.length);
    return both;
  }

  public Value[] plus(Value[] x, Value[] y) {
    return IntStream.range(0, x.length).mapToObj(j -> trace.plus(x[j], y[j])).toArray(Value[]::new);
  }

  public Value[] times(Value[] x, Value[] y) {
    return IntStream.range(0, x.length)
        .mapToObj(j -> trace.times(x[j], y[j]))
        .toArray(Value[]::new);
  }

  private Value[] quotients(Value[] x, Value[] y) {
    return IntStream.range(0, x.length)
        .mapToObj(j -> trace.quotient(x[j], y[j]))
        .toArray(Value[]::new);
  }

  public Value[] tanh(Value[] x) {
    return Arrays.stream(x).map(trace::tanh).toArray(Value[]::new);
  }

  private Value[] sigmoid(Value[] x) {
    return Arrays.stream(x).map(trace::sigmoid).toArray(Value[]::new);
  }
}
