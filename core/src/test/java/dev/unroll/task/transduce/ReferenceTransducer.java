package dev.unroll.task.transduce;

import dev.unroll.base.AttentionKind;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.network.Network;
import dev.unroll.network.Trace;
import dev.unroll.network.Trace.Value;
import dev.unroll.network.TracedLayers;
import dev.unroll.network.TracedLayers.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole encoder-decoder without dropout, straight from the equations, one sequence and one step
 * at a time: embedding, layers of both ways, bridges, attention, input feeding, softmax.
 */
final class ReferenceTransducer {

  private final TransducerSpec description;
  private final TracedLayers layers;
  private final Trace trace;

  ReferenceTransducer(TransducerNetwork network, double[] values) {
    description = network.description();
    layers = new TracedLayers(network, values);
    trace = layers.trace;
  }

  /** Returns the sum of the cross-entropies of all targets. */
  double loss(TransducerBatch batch) {
    return traced(batch, (row, logits) -> {}).value;
  }

  /** Returns the gradient of {@link #loss}. */
  double[] gradient(TransducerBatch batch) {
    return layers.gradient(traced(batch, (row, logits) -> {}));
  }

  /** Returns the least variance that layer normalization divided by. */
  double leastVariance() {
    return layers.leastVariance();
  }

  /**
   * Returns the batch with what the network reads where chance has it read its own likeliest token
   * instead of the target's before (Bengio et al. 2015).
   *
   * @param chance a number of each row; below {@code share} its token is the network's own
   */
  TransducerBatch withOwnTokens(TransducerBatch batch, CounterRandom chance, double share) {
    int[] inputs = batch.inputs().clone();
    int[] after = new int[inputs.length];
    IntStream.range(0, inputs.length)
        .filter(row -> batch.target().before(row) >= 0)
        .forEach(row -> after[batch.target().before(row)] = row);
    var mixed =
        new TransducerBatch(
            batch.source(), batch.sourceTokens(), batch.target(), inputs, batch.targets());
    traced(
        mixed,
        (row, logits) -> {
          if (after[row] > 0 && chance.uniform(after[row]) < share) {
            inputs[after[row]] = likeliest(logits);
          }
        });
    return mixed;
  }

  private static int likeliest(Value[] logits) {
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      best = logits[token].value > logits[best].value ? token : best;
    }
    return best;
  }

  /** Is told what comes out of each row, before the next is read. */
  private interface Watcher {
    void after(int row, Value[] logits);
  }

  private Value traced(TransducerBatch batch, Watcher watcher) {
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
      loss = trace.plus(loss, loss(source, rows, batch, watcher));
    }
    return loss;
  }

  private Value loss(int[] source, int[] rows, TransducerBatch batch, Watcher watcher) {
    var ends = new ArrayList<State>();
    List<Value[]> memory = read(source, ends);
    Network writing = description.decoder();
    var states = new ArrayList<State>();
    for (int i = 0; i < writing.layers().size(); i++) {
      states.add(bridged(i, ends.get(Math.min(i, ends.size() - 1))));
    }
    Value[] fed = layers.zeros(description.feeds() ? writing.layers().getLast().outputs() : 0);
    Value loss = trace.constant(0);
    for (int row : rows) {
      Value[] token = layers.embedded(writing, "decoder.", batch.inputs()[row]);
      Value[] x = TracedLayers.joined(token, fed);
      for (int i = 0; i < states.size(); i++) {
        String prefix = "decoder.layers." + i + ".";
        State next = layers.step(writing.layers().get(i), prefix, x, states.get(i));
        states.set(i, next);
        x = writing.addsInput(i) ? layers.plus(x, next.a()) : next.a();
      }
      Value[] output = description.attention() == null ? x : attended(x, memory);
      fed = description.feeds() ? output : fed;
      Value[] logits = logits(output);
      loss = trace.plus(loss, layers.crossEntropy(logits, batch.targets()[row]));
      watcher.after(row, logits);
    }
    return loss;
  }

  private List<Value[]> read(int[] source, List<State> ends) {
    Network reading = description.encoder();
    List<Value[]> rows =
        Arrays.stream(source)
            .mapToObj(token -> layers.embedded(reading, "encoder.", token))
            .toList();
    return layers.read(reading, "encoder.", rows, ends);
  }

  private State bridged(int layer, State end) {
    String prefix = "bridges." + layer + ".";
    if (!layers.has(prefix)) {
      return end;
    }
    Value[] both = TracedLayers.joined(end.a(), end.c());
    Value[] s = layers.plus(layers.product(prefix + "weight", both), layers.all(prefix + "bias"));
    int outputs = description.decoder().layers().get(layer).outputs();
    return new State(
        layers.tanh(Arrays.copyOf(s, outputs)), Arrays.copyOfRange(s, outputs, s.length));
  }

  private Value[] attended(Value[] query, List<Value[]> memory) {
    var weights = new Value[memory.size()];
    for (int s = 0; s < weights.length; s++) {
      Value[] key = layers.product("decoder.attention.key.weight", memory.get(s));
      Value score;
      if (description.attention() == AttentionKind.ADDITIVE) {
        Value[] asked = layers.product("decoder.attention.query.weight", query);
        Value[] sum = layers.plus(layers.plus(asked, key), layers.all("decoder.attention.bias"));
        Value[] vector = layers.all("decoder.attention.vector");
        score = trace.sum(layers.times(vector, layers.tanh(sum)));
      } else {
        score = trace.sum(layers.times(key, query));
      }
      weights[s] = trace.exp(score);
    }
    Value all = trace.sum(weights);
    Value[] context = layers.zeros(memory.getFirst().length);
    for (int s = 0; s < weights.length; s++) {
      Value share = trace.quotient(weights[s], all);
      context =
          layers.plus(
              context,
              Arrays.stream(memory.get(s)).map(h -> trace.times(share, h)).toArray(Value[]::new));
    }
    Value[] seen = TracedLayers.joined(context, query);
    return layers.tanh(layers.product("decoder.attention.output.weight", seen));
  }

  private Value[] logits(Value[] output) {
    String weight = description.decoder().tied() ? "decoder.embedding.weight" : "head.weight";
    return layers.plus(layers.product(weight, output), layers.all("head.bias"));
  }
}
