package dev.unroll.model;

import dev.unroll.model.Trace.Value;
import dev.unroll.nn.Attention;
import dev.unroll.nn.Direction;
import dev.unroll.nn.Embedding;
import dev.unroll.nn.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole encoder-decoder without dropout, straight from the equations, one sequence and one step
 * at a time: embedding, layers of both ways, bridges, attention, input feeding, softmax.
 */
final class ReferenceTransducer {

  private final TransducerNetwork network;
  private final Transduction description;
  private final Trace trace = new Trace();
  private final Value[] parameters;

  ReferenceTransducer(TransducerNetwork network, double[] values) {
    this.network = network;
    this.description = network.description();
    parameters = Arrays.stream(values).mapToObj(trace::constant).toArray(Value[]::new);
  }

  /** Returns the sum of the cross-entropies of all targets. */
  double loss(TransducerBatch batch) {
    return traced(batch).value;
  }

  /** Returns the gradient of {@link #loss}. */
  double[] gradient(TransducerBatch batch) {
    trace.backward(traced(batch));
    return Arrays.stream(parameters).mapToDouble(each -> each.gradient).toArray();
  }

  private Value traced(TransducerBatch batch) {
    Value loss = trace.constant(0);
    for (int s = 0; s < batch.source().batch(); s++) {
      int sequence = s;
      int[] source =
          IntStream.range(0, batch.source().length(s))
              .map(t -> batch.sourceTokens()[batch.source().row(t, sequence)])
              .toArray();
      int[] rows =
          IntStream.range(0, batch.target().length(s))
              .map(t -> batch.target().row(t, sequence))
              .toArray();
      loss = trace.plus(loss, loss(source, rows, batch));
    }
    return loss;
  }

  /** a and c of a layer; c is empty where it has none. */
  private record State(Value[] a, Value[] c) {}

  private Value loss(int[] source, int[] rows, TransducerBatch batch) {
    var ends = new ArrayList<State>();
    List<Value[]> memory = read(source, ends);
    Network writing = description.decoder();
    var states = new ArrayList<State>();
    for (int i = 0; i < writing.layers().size(); i++) {
      states.add(bridged(i, ends.get(Math.min(i, ends.size() - 1))));
    }
    Value[] fed = zeros(description.feeds() ? writing.layers().getLast().outputs() : 0);
    Value loss = trace.constant(0);
    for (int row : rows) {
      Value[] x = joined(embedded("decoder.", batch.inputs()[row], writing), fed);
      for (int i = 0; i < states.size(); i++) {
        State next = step(writing.layers().get(i), "decoder.layers." + i + ".", x, states.get(i));
        states.set(i, next);
        x = writing.addsInput(i) ? plus(x, next.a) : next.a;
      }
      Value[] output = description.attention() == null ? x : attended(x, memory);
      fed = description.feeds() ? output : fed;
      loss = trace.plus(loss, crossEntropy(output, batch.targets()[row]));
    }
    return loss;
  }

  /** Reads a source, adds the last state of each layer, both ways side by side, to {@code ends}. */
  private List<Value[]> read(int[] source, List<State> ends) {
    Network reading = description.encoder();
    List<Value[]> rows =
        Arrays.stream(source).mapToObj(token -> embedded("encoder.", token, reading)).toList();
    for (int i = 0; i < reading.layers().size(); i++) {
      Network.Layer layer = reading.layers().get(i);
      String prefix = "encoder.layers." + i + ".";
      var way = new ArrayList<Value[]>();
      State end = run(layer, prefix, rows, way);
      List<Value[]> outputs = way;
      if (layer.direction() != Direction.FORWARD) {
        var back = new ArrayList<Value[]>();
        State endBack = run(layer, prefix + "reverse.", rows.reversed(), back);
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
      boolean adds = reading.addsInput(i);
      List<Value[]> own = outputs;
      rows =
          IntStream.range(0, own.size())
              .mapToObj(t -> adds ? plus(below.get(t), own.get(t)) : own.get(t))
              .toList();
    }
    return rows;
  }

  private State run(Network.Layer layer, String prefix, List<Value[]> rows, List<Value[]> outputs) {
    boolean memory = layer.cell() instanceof CellType.Lstm;
    var state = new State(zeros(layer.units()), zeros(memory ? layer.units() : 0));
    for (Value[] x : rows) {
      state = step(layer, prefix, x, state);
      outputs.add(state.a);
    }
    return state;
  }

  private State step(Network.Layer layer, String prefix, Value[] x, State before) {
    int units = layer.units();
    Value[] input = plus(product(prefix + "input.weight", x), all(prefix + "bias"));
    Value[] recurrent = all(prefix + "recurrent.weight");
    String label = layer.cell().label();
    return switch (label) {
      case "rnn-tanh" -> new State(tanh(plus(input, product(recurrent, before.a))), before.c);
      case "lstm" -> {
        Value[] z = plus(input, product(recurrent, before.a));
        Value[] u = sigmoid(gate(z, 0, units));
        Value[] f = sigmoid(gate(z, 1, units));
        Value[] candidate = tanh(gate(z, 2, units));
        Value[] o = sigmoid(gate(z, 3, units));
        Value[] c = plus(times(u, candidate), times(f, before.c));
        yield new State(times(o, tanh(c)), c);
      }
      case "gru", "gru-simplified" -> {
        int gates = label.equals("gru") ? 2 : 1;
        Value[] z = product(Arrays.copyOf(recurrent, gates * units * units), before.a);
        Value[] u = sigmoid(plus(gate(input, 0, units), gate(z, 0, units)));
        Value[] seen = before.a;
        if (gates == 2) {
          Value[] r = sigmoid(plus(gate(input, 1, units), gate(z, 1, units)));
          seen = times(r, before.a);
        }
        Value[] rest = Arrays.copyOfRange(recurrent, gates * units * units, recurrent.length);
        Value[] candidate = tanh(plus(gate(input, gates, units), product(rest, seen)));
        Value[] kept =
            times(Arrays.stream(u).map(trace::complement).toArray(Value[]::new), before.a);
        yield new State(plus(times(u, candidate), kept), before.c);
      }
      default -> throw new IllegalArgumentException(label);
    };
  }

  private State bridged(int layer, State end) {
    String prefix = "bridges." + layer + ".";
    if (network.slices().stream().noneMatch(slice -> slice.name().startsWith(prefix))) {
      return end;
    }
    Value[] s = plus(product(prefix + "weight", joined(end.a, end.c)), all(prefix + "bias"));
    int outputs = description.decoder().layers().get(layer).outputs();
    return new State(tanh(Arrays.copyOf(s, outputs)), Arrays.copyOfRange(s, outputs, s.length));
  }

  private Value[] attended(Value[] query, List<Value[]> memory) {
    var weights = new Value[memory.size()];
    for (int s = 0; s < weights.length; s++) {
      Value[] key = product("decoder.attention.key.weight", memory.get(s));
      Value score;
      if (description.attention() == Attention.Kind.ADDITIVE) {
        Value[] asked = product("decoder.attention.query.weight", query);
        Value[] hidden = tanh(plus(plus(asked, key), all("decoder.attention.bias")));
        score = trace.sum(times(all("decoder.attention.vector"), hidden));
      } else {
        score = trace.sum(times(key, query));
      }
      weights[s] = trace.exp(score);
    }
    Value all = trace.sum(weights);
    Value[] context = zeros(memory.getFirst().length);
    for (int s = 0; s < weights.length; s++) {
      Value share = trace.quotient(weights[s], all);
      context =
          plus(
              context,
              Arrays.stream(memory.get(s)).map(h -> trace.times(share, h)).toArray(Value[]::new));
    }
    return tanh(product("decoder.attention.output.weight", joined(context, query)));
  }

  private Value crossEntropy(Value[] output, int target) {
    String weight = description.decoder().tied() ? "decoder.embedding.weight" : "head.weight";
    Value[] logits = plus(product(weight, output), all("head.bias"));
    Value[] shares = Arrays.stream(logits).map(trace::exp).toArray(Value[]::new);
    return trace.negativeLog(trace.quotient(shares[target], trace.sum(shares)));
  }

  private Value[] embedded(String prefix, int token, Network of) {
    int width = of.embeddingWidth();
    if (token == Embedding.START) {
      return zeros(width);
    }
    Value[] vectors = all(prefix + "embedding.weight");
    return Arrays.copyOfRange(vectors, token * width, (token + 1) * width);
  }

  private Value[] all(String name) {
    Slice slice =
        network.slices().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    return Arrays.copyOfRange(parameters, slice.offset(), slice.offset() + slice.size());
  }

  private Value[] product(String weight, Value[] x) {
    return product(all(weight), x);
  }

  /** W x; W has as many columns as x has elements. */
  private Value[] product(Value[] weight, Value[] x) {
    var y = new Value[weight.length / x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = trace.sum(times(Arrays.copyOfRange(weight, i * x.length, (i + 1) * x.length), x));
    }
    return y;
  }

  private static Value[] gate(Value[] z, int gate, int units) {
    return Arrays.copyOfRange(z, gate * units, (gate + 1) * units);
  }

  private Value[] zeros(int width) {
    return IntStream.range(0, width).mapToObj(j -> trace.constant(0)).toArray(Value[]::new);
  }

  private static Value[] joined(Value[] x, Value[] y) {
    Value[] both = Arrays.copyOf(x, x.length + y.length);
    System.arraycopy(y, 0, both, x.length, y.length);
    return both;
  }

  private Value[] plus(Value[] x, Value[] y) {
    return IntStream.range(0, x.length).mapToObj(j -> trace.plus(x[j], y[j])).toArray(Value[]::new);
  }

  private Value[] times(Value[] x, Value[] y) {
    return IntStream.range(0, x.length)
        .mapToObj(j -> trace.times(x[j], y[j]))
        .toArray(Value[]::new);
  }

  private Value[] tanh(Value[] x) {
    return Arrays.stream(x).map(trace::tanh).toArray(Value[]::new);
  }

  private Value[] sigmoid(Value[] x) {
    return Arrays.stream(x).map(trace::sigmoid).toArray(Value[]::new);
  }
}
