package dev.unroll.network;

import dev.unroll.batch.SignalBatch;
import dev.unroll.layer.Steps;
import dev.unroll.network.Trace.Value;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.stack.SignalSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A whole network that reads numbers or tokens and labels them without alignment, straight from the
 * equations, one sequence at a time: layers of both ways, linear head, and CTC as the sum over all
 * ways through the target with blanks between its labels.
 */
public final class ReferenceSignal {

  private final SignalSpec description;
  private final TracedLayers layers;
  private final Trace trace;
  private final int blank;

  public ReferenceSignal(SignalNetwork network, double[] values, int blank) {
    description = network.description();
    layers = new TracedLayers(network, values);
    trace = layers.trace;
    this.blank = blank;
  }

  /** Returns the least variance that layer normalization divided by. */
  public double leastVariance() {
    return layers.leastVariance();
  }

  /** Returns the sum of the losses of all sequences. */
  public double loss(SignalBatch batch, int[][] targets) {
    return traced(batch, targets).value;
  }

  /** Returns the gradient of {@link #loss}. */
  public double[] gradient(SignalBatch batch, int[][] targets) {
    return layers.gradient(traced(batch, targets));
  }

  private Value traced(SignalBatch batch, int[][] targets) {
    Value loss = trace.constant(0);
    for (int s = 0; s < targets.length; s++) {
      Value against = trace.times(trace.constant(-1), logProbability(batch, s, targets[s]));
      loss = trace.plus(loss, against);
    }
    return loss;
  }

  private Value[] input(SignalBatch batch, int row) {
    Network network = description.network();
    int width = description.inputs();
    Value[] token =
        batch.tokens().length == 0
            ? new Value[0]
            : layers.embedded(network, "", batch.tokens()[row]);
    double[] numbers =
        IntStream.range(row * width, (row + 1) * width)
            .mapToDouble(i -> batch.values()[i])
            .toArray();
    return TracedLayers.joined(token, layers.constants(numbers));
  }

  /** log y⟨t⟩ of all labels of a sequence. */
  private List<Value[]> logOutputs(SignalBatch batch, int sequence) {
    Steps steps = batch.steps();
    List<Value[]> inputs =
        IntStream.range(0, steps.length(sequence))
            .mapToObj(t -> input(batch, steps.row(t, sequence)))
            .toList();
    return layers.read(description.network(), "", inputs, new ArrayList<>()).stream()
        .map(
            a -> {
              Value[] z = layers.plus(layers.product("head.weight", a), layers.all("head.bias"));
              Value minusTotal = trace.times(trace.constant(-1), trace.logSumExp(z));
              return Arrays.stream(z).map(v -> trace.plus(v, minusTotal)).toArray(Value[]::new);
            })
        .toList();
  }

  /** log P of a target: of each place of l′ the ways that lead there, step by step. */
  private Value logProbability(SignalBatch batch, int sequence, int[] target) {
    int[] extended = new int[2 * target.length + 1];
    Arrays.setAll(extended, s -> s % 2 == 0 ? blank : target[s / 2]);
    Value[] ways = new Value[extended.length]; // null where no way leads
    List<Value[]> outputs = logOutputs(batch, sequence);
    for (int t = 0; t < outputs.size(); t++) {
      var next = new Value[extended.length];
      for (int s = 0; s < extended.length; s++) {
        boolean leaps = s >= 2 && extended[s] != blank && extended[s] != extended[s - 2];
        Value came =
            t > 0
                ? either(ways[s], s >= 1 ? ways[s - 1] : null, leaps ? ways[s - 2] : null)
                : s < 2 ? trace.constant(0) : null;
        next[s] = came == null ? null : trace.plus(came, outputs.get(t)[extended[s]]);
      }
      ways = next;
    }
    int last = ways.length - 1;
    return either(ways[last], last > 0 ? ways[last - 1] : null);
  }

  private Value either(Value... some) {
    Value[] ways = Stream.of(some).filter(each -> each != null).toArray(Value[]::new);
    return ways.length == 0 ? null : trace.logSumExp(ways);
  }
}
