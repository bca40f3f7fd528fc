package dev.unroll.task.label;

import dev.unroll.base.PoolingKind;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.network.Trace;
import dev.unroll.network.Trace.Value;
import dev.unroll.network.TracedLayers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole network that labels, without dropout, straight from the equations, one sequence and one
 * step at a time: embedding, spelling and further columns, layers of all ways, pooling, and
 * softmax, sigmoids or CRF.
 */
final class ReferenceLabelNetwork {

  private final LabelSpec description;
  private final TracedLayers layers;
  private final Trace trace;
  private final float[] weights;

  /** The least distance between a greatest element and the second. */
  private double leastGap = Double.POSITIVE_INFINITY;

  /**
   * Reads the parameters.
   *
   * @param weights how much each label's losses count; empty for all alike
   */
  ReferenceLabelNetwork(LabelNetwork network, double[] values, float[] weights) {
    description = network.description();
    layers = new TracedLayers(network, values);
    trace = layers.trace;
    this.weights = weights;
  }

  /** Returns how near the greatest of elements came to being another one, in the last run. */
  double leastGap() {
    return leastGap;
  }

  /** Returns the sum of the losses of all targets. */
  double loss(LabelBatch batch) {
    return traced(batch).value;
  }

  /** Returns the gradient of {@link #loss}. */
  double[] gradient(LabelBatch batch) {
    return layers.gradient(traced(batch));
  }

  private Value traced(LabelBatch batch) {
    Value loss = trace.constant(0);
    for (int s = 0; s < batch.steps().batch(); s++) {
      int[] rows = rows(batch.steps(), s);
      List<Value[]> inputs = Arrays.stream(rows).mapToObj(row -> input(batch, row)).toList();
      List<Value[]> a = layers.read(description.network(), "", inputs, new ArrayList<>());
      loss = trace.plus(loss, loss(batch, s, rows, a));
    }
    return loss;
  }

  private static int[] rows(Steps steps, int s) {
    return IntStream.range(0, steps.length(s)).map(t -> steps.row(t, s)).toArray();
  }

  private Value[] input(LabelBatch batch, int row) {
    Value[] input = layers.embedded(description.network(), "", batch.tokens()[row]);
    if (description.spelling() != null) {
      input = TracedLayers.joined(input, spelled(batch.spellings(), row));
    }
    for (int i = 0; i < description.features().size(); i++) {
      int width = description.features().get(i).width();
      int value = batch.features()[i][row];
      Value[] own =
          value < 0
              ? layers.zeros(width)
              : vector("feature." + i + ".embedding.weight", value, width);
      input = TracedLayers.joined(input, own);
    }
    return input;
  }

  private Value[] vector(String name, int number, int width) {
    return Arrays.copyOfRange(layers.all(name), number * width, (number + 1) * width);
  }

  /** What an LSTM says last that reads the word's characters, and one that reads them back. */
  private Value[] spelled(Spellings spellings, int row) {
    Spelling form = description.spelling();
    List<Value[]> letters =
        Arrays.stream(spellings.letters()[spellings.words()[row]])
            .mapToObj(letter -> vector("spelling.embedding.weight", letter, form.embedding()))
            .toList();
    var layer = new Network.Layer(new LstmCell(Peepholes.NONE), form.units());
    Value[] forth = layers.run(layer, "spelling.", letters, new ArrayList<>()).a();
    Value[] back =
        layers.run(layer, "spelling.reverse.", letters.reversed(), new ArrayList<>()).a();
    return TracedLayers.joined(forth, back);
  }

  private Value loss(LabelBatch batch, int s, int[] rows, List<Value[]> a) {
    return switch (description.output()) {
      case LabelSpec.PerSequence whole -> {
        Value[] logits = logits(pooled(whole.pooling(), a));
        yield whole.multiLabel()
            ? sigmoids(logits, batch.multiLabel(), s)
            : weighted(logits, batch.targets()[s]);
      }
      case LabelSpec.PerStep steps -> {
        int[] targets = Arrays.stream(rows).map(row -> batch.targets()[row]).toArray();
        List<Value[]> scores = a.stream().map(this::logits).toList();
        yield steps.crf()
            ? chained(scores, targets)
            : trace.sum(
                IntStream.range(0, targets.length)
                    .mapToObj(t -> weighted(scores.get(t), targets[t]))
                    .toArray(Value[]::new));
      }
    };
  }

  private Value[] logits(Value[] x) {
    return layers.plus(layers.product("head.weight", x), layers.all("head.bias"));
  }

  private Value weighted(Value[] logits, int target) {
    Value loss = layers.crossEntropy(logits, target);
    return weights.length == 0 ? loss : trace.times(trace.constant(weights[target]), loss);
  }

  /** -Σ y log σ(z) + (1-y) log(1-σ(z)). */
  private Value sigmoids(Value[] logits, float[] several, int s) {
    Value loss = trace.constant(0);
    for (int label = 0; label < logits.length; label++) {
      Value share = trace.sigmoid(logits[label]);
      boolean has = several[s * logits.length + label] == 1;
      loss = trace.plus(loss, trace.negativeLog(has ? share : trace.complement(share)));
    }
    return loss;
  }

  /** -log P(targets); sums of exponentials of paths, which are short. */
  private Value chained(List<Value[]> scores, int[] targets) {
    Value[] start = layers.all("crf.start");
    Value[] end = layers.all("crf.end");
    Value[] transitions = layers.all("crf.transitions");
    int tags = start.length;
    Value own = trace.plus(start[targets[0]], end[targets[targets.length - 1]]);
    Value[] paths = exp(layers.plus(start, scores.getFirst()));
    for (int t = 0; t < targets.length; t++) {
      own = trace.plus(own, scores.get(t)[targets[t]]);
      if (t > 0) {
        own = trace.plus(own, transitions[targets[t - 1] * tags + targets[t]]);
        Value[] before = paths;
        Value[] reached =
            IntStream.range(0, tags)
                .mapToObj(tag -> layers.times(before, exp(column(transitions, tag, tags))))
                .map(trace::sum)
                .toArray(Value[]::new);
        paths = layers.times(reached, exp(scores.get(t)));
      }
    }
    Value all = trace.sum(layers.times(paths, exp(end)));
    return trace.negativeLog(trace.quotient(trace.exp(own), all));
  }

  private static Value[] column(Value[] matrix, int column, int columns) {
    return IntStream.range(0, matrix.length / columns)
        .mapToObj(row -> matrix[row * columns + column])
        .toArray(Value[]::new);
  }

  private Value[] exp(Value[] x) {
    return Arrays.stream(x).map(trace::exp).toArray(Value[]::new);
  }

  private Value[] pooled(PoolingKind kind, List<Value[]> a) {
    return switch (kind) {
      case LAST -> TracedLayers.last(description.network(), a);
      case MEAN -> mean(a, exp(layers.zeros(a.size())));
      case MAX ->
          IntStream.range(0, a.getFirst().length)
              .mapToObj(j -> greatest(a.stream().map(row -> row[j]).toList()))
              .toArray(Value[]::new);
      case ATTENTION -> mean(a, a.stream().map(this::attention).toArray(Value[]::new));
    };
  }

  private Value greatest(List<Value> values) {
    double[] sorted = values.stream().mapToDouble(each -> each.value).sorted().toArray();
    int last = sorted.length - 1;
    leastGap = last > 0 ? Math.min(leastGap, sorted[last] - sorted[last - 1]) : leastGap;
    return values.stream().filter(each -> each.value == sorted[last]).findFirst().orElseThrow();
  }

  /** exp(v·tanh(W a + b)). */
  private Value attention(Value[] a) {
    Value[] z = layers.plus(layers.product("attention.weight", a), layers.all("attention.bias"));
    return trace.exp(trace.sum(layers.times(layers.all("attention.vector"), layers.tanh(z))));
  }

  /** The mean of rows, each as much as its share of the sum of {@code amounts}. */
  private Value[] mean(List<Value[]> rows, Value[] amounts) {
    Value all = trace.sum(amounts);
    Value[] mean = layers.zeros(rows.getFirst().length);
    for (int t = 0; t < amounts.length; t++) {
      Value share = trace.quotient(amounts[t], all);
      Value[] row = rows.get(t);
      mean =
          layers.plus(
              mean, Arrays.stream(row).map(x -> trace.times(share, x)).toArray(Value[]::new));
    }
    return mean;
  }
}
