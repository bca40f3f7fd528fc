package dev.unroll.network;

import dev.unroll.batch.Batch;
import dev.unroll.data.Condition;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.ReferenceCellAccess;
import dev.unroll.stack.StackDropout;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Objective;
import java.util.Arrays;
import java.util.List;

/**
 * A whole language network in double precision: embedding, layers, dropout, head, mean
 * cross-entropy with its penalties; one sequence and one step at a time.
 */
public final class ReferenceNetwork {

  private final LanguageNetwork network;
  private final Network description;
  public final double[] parameters;
  public final double[] gradients;

  /** The mean cross-entropy per token against the targets only, of the last run. */
  public double crossEntropy;

  /** The least variance that layer normalization divided by in the last run. */
  public double leastVariance;

  /** Where the sequences of a batch stand that continues; null where they begin. */
  public NetworkState before;

  public ReferenceNetwork(LanguageNetwork network, float[] values) {
    this.network = network;
    this.description = network.description();
    parameters = new double[values.length];
    gradients = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      parameters[i] = values[i];
    }
  }

  private Slice slice(String name) {
    return network.slices().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  /** Factor of the element at an index among those that share {@code random}. */
  private static double mask(CounterRandom random, double rate, long index) {
    return random.bits(index) >>> 11 >= (long) (rate * 0x1p53) ? 1 / (1 - rate) : 0;
  }

  /** Factor of element j of a row at a place of dropout, as the engine draws it. */
  private double mask(CounterRandom noise, int place, double rate, long row, int j, int width) {
    return noise == null || rate == 0 ? 1 : mask(noise.part(place), rate, row * width + j);
  }

  /** A row's mask is its own, or that of its sequence. */
  private long maskRow(Batch batch, int row) {
    return description.dropouts().variational() ? batch.steps().sequence(row) : row;
  }

  /** Factor of the vector of a token. */
  private double wordMask(CounterRandom noise, int token) {
    double rate = description.dropouts().words();
    return noise == null || rate == 0 ? 1 : mask(noise.part(StackDropout.WORDS), rate, token);
  }

  /** Multiplies the recurrent weights among {@code values} by their masks. */
  private void maskWeights(double[] values, CounterRandom noise) {
    double rate = description.dropouts().recurrent();
    for (int l = 0; noise != null && rate > 0 && l < description.layers().size(); l++) {
      if (description.layers().get(l).cell().products().isEmpty()) {
        continue;
      }
      Slice slice = slice("layers." + l + ".recurrent.weight");
      for (int i = 0; i < slice.size(); i++) {
        values[slice.offset() + i] *= mask(noise.part(StackDropout.WEIGHTS + l), rate, i);
      }
    }
  }

  /**
   * The elements of a layer that keep their values in a sequence, as the engine draws them; without
   * noise, of each its probability to.
   */
  private ReferenceCellAccess.Keeps keeps(CounterRandom noise, int layer, Batch batch, int s) {
    int units = description.layers().get(layer).units();
    int outputs = description.layers().get(layer).outputs();
    return new ReferenceCellAccess.Keeps() {
      @Override
      public double state(int t, int j) {
        return share(description.dropouts().state(), 0, t, j, outputs);
      }

      @Override
      public double memory(int t, int j) {
        return share(description.dropouts().memory(), 1, t, j, units);
      }

      private double share(double rate, int part, int t, int j, int width) {
        if (noise == null || rate == 0) {
          return rate;
        }
        long index = (long) batch.steps().row(t, s) * width + j;
        long bits = noise.part(StackDropout.ZONEOUT + layer).part(part).bits(index);
        return bits >>> 11 < (long) (rate * 0x1p53) ? 1 : 0;
      }
    };
  }

  /** What a sequence is written for; nothing where it is for nothing. */
  private float[] given(Batch batch, int s) {
    Condition condition = network.condition();
    int width = condition == null ? 0 : condition.inputs();
    return Arrays.copyOfRange(batch.conditions(), s * width, (s + 1) * width);
  }

  private boolean hasConditionedStart() {
    Condition condition = network.condition();
    return condition != null && condition.place() == Condition.Place.START;
  }

  private int appended() {
    Condition condition = network.condition();
    return condition == null || hasConditionedStart() ? 0 : condition.inputs();
  }

  /**
   * The learned start of a layer, or zeros, and what the condition adds; of a sequence that
   * continues, where it stands.
   */
  private double[] start(int layer, String part, int width, Batch batch, int s) {
    double[] start = new double[width];
    float[] given = given(batch, s);
    if (before != null && batch.continues()[s]) {
      LayerState state = before.layers().get(layer);
      for (int j = 0; j < width; j++) {
        start[j] = (part.equals("a") ? state.a() : state.c())[s * width + j];
      }
      return start;
    }
    if (description.learnedStart() && width > 0) {
      int offset = slice("layers." + layer + ".start." + part).offset();
      start = Arrays.copyOfRange(parameters, offset, offset + width);
    }
    for (int k = 0; hasConditionedStart() && width > 0 && k < given.length; k++) {
      int offset = slice("start." + layer + "." + part).offset();
      for (int j = 0; j < width; j++) {
        start[j] += given[k] * parameters[offset + k * width + j];
      }
    }
    return start;
  }

  private void addStartGradient(int layer, String part, double[] gradient, float[] given) {
    for (int k = 0; hasConditionedStart() && gradient.length > 0 && k < given.length; k++) {
      int offset = slice("start." + layer + "." + part).offset();
      for (int j = 0; j < gradient.length; j++) {
        gradients[offset + k * gradient.length + j] += given[k] * gradient[j];
      }
    }
    if (description.learnedStart() && gradient.length > 0) {
      int offset = slice("layers." + layer + ".start." + part).offset();
      for (int j = 0; j < gradient.length; j++) {
        gradients[offset + j] += gradient[j];
      }
    }
  }

  /** Returns what is minimized, per token, and fills the gradients. */
  public double lossAndGradient(Batch batch, CounterRandom noise, Objective objective) {
    Arrays.fill(gradients, 0);
    double[] masked = parameters.clone();
    maskWeights(masked, noise);
    Dropouts rates = description.dropouts();
    Slice embedding = slice("embedding.weight");
    List<Network.Layer> layers = description.layers();
    var cells = new ReferenceCellAccess[layers.size()];
    for (int l = 0; l < cells.length; l++) {
      int from = slice("layers." + l + ".input.weight").offset();
      cells[l] =
          ReferenceCellAccess.of(
              layers.get(l).cell().label(),
              slice("layers." + l + ".input.weight").columns(),
              layers.get(l).units(),
              layers.get(l).projection(),
              layers.get(l).normalized());
      cells[l].load(masked, from);
    }
    double total = 0;
    double penalties = 0;
    int rows = batch.steps().rows();
    int pairs = 0;
    for (int s = 0; s < batch.steps().batch(); s++) {
      pairs += Math.max(0, batch.steps().length(s) - 1);
    }
    for (int s = 0; s < batch.steps().batch(); s++) {
      int length = batch.steps().length(s);
      double[][][] x = new double[cells.length + 1][length][];
      for (int t = 0; t < length; t++) {
        int row = batch.steps().row(t, s);
        int width = embedding.columns() + appended();
        x[0][t] = new double[width];
        for (int k = 0; k < appended(); k++) {
          int j = embedding.columns() + k;
          x[0][t][j] =
              given(batch, s)[k] * mask(noise, 0, rates.input(), maskRow(batch, row), j, width);
        }
        for (int j = 0; j < embedding.columns() && batch.inputs()[row] != Embedding.START; j++) {
          x[0][t][j] =
              parameters[embedding.offset() + batch.inputs()[row] * embedding.columns() + j]
                  * wordMask(noise, batch.inputs()[row])
                  * mask(noise, 0, rates.input(), maskRow(batch, row), j, width);
        }
      }
      double[][] raw = {};
      for (int l = 0; l < cells.length; l++) {
        double[][] a =
            cells[l].forward(
                x[l],
                start(l, "a", layers.get(l).outputs(), batch, s),
                start(l, "c", cells[l].hasMemory() ? layers.get(l).units() : 0, batch, s),
                keeps(noise, l, batch, s));
        a = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
        for (int t = 0; t < length && description.addsInput(l); t++) {
          for (int j = 0; j < a[t].length; j++) {
            a[t][j] += x[l][t][j];
          }
        }
        raw = a;
        int units = layers.get(l).outputs();
        for (int t = 0; t < length; t++) {
          int row = batch.steps().row(t, s);
          x[l + 1][t] = new double[units];
          for (int j = 0; j < units; j++) {
            x[l + 1][t][j] = a[t][j] * mask(noise, l + 1, rate(l), maskRow(batch, row), j, units);
          }
        }
      }
      int units = layers.get(cells.length - 1).outputs();
      double[][] d = new double[length][units];
      for (int t = 0; t < length; t++) {
        int row = batch.steps().row(t, s);
        double[] loss = new double[2];
        head(x[cells.length][t], d[t], batch.targets()[row], rows, objective, loss);
        total += loss[0];
        penalties += loss[1] / rows;
        for (int j = 0; j < units; j++) {
          double a = x[cells.length][t][j];
          double factor = objective.activationPenalty() / (rows * (double) units);
          penalties += factor * a * a;
          d[t][j] += 2 * factor * a;
        }
      }
      for (int l = cells.length - 1; l >= 0; l--) {
        for (int t = 0; t < length; t++) {
          int row = batch.steps().row(t, s);
          for (int j = 0; j < d[t].length; j++) {
            d[t][j] *= mask(noise, l + 1, rate(l), maskRow(batch, row), j, d[t].length);
          }
        }
        for (int t = 1; t < length && l == cells.length - 1; t++) {
          for (int j = 0; j < units; j++) {
            double difference = raw[t][j] - raw[t - 1][j];
            double factor = objective.temporalPenalty() / (pairs * (double) units);
            penalties += factor * difference * difference;
            d[t][j] += 2 * factor * difference;
            d[t - 1][j] -= 2 * factor * difference;
          }
        }
        double[][] passing = d;
        d = cells[l].backward(d);
        for (int t = 0; t < length && description.addsInput(l); t++) {
          for (int j = 0; j < d[t].length; j++) {
            d[t][j] += passing[t][j];
          }
        }
        boolean begins = before == null || !batch.continues()[s]; // else gradients end here
        if (begins && length > 0) {
          addStartGradient(l, "a", cells[l].dStartA, given(batch, s));
          addStartGradient(l, "c", cells[l].dStartC, given(batch, s));
        }
      }
      for (int t = 0; t < length; t++) {
        int row = batch.steps().row(t, s);
        int width = embedding.columns();
        for (int j = 0; j < width && batch.inputs()[row] != Embedding.START; j++) {
          gradients[embedding.offset() + batch.inputs()[row] * embedding.columns() + j] +=
              d[t][j]
                  * wordMask(noise, batch.inputs()[row])
                  * mask(noise, 0, rates.input(), maskRow(batch, row), j, d[t].length);
        }
      }
    }
    for (int l = 0; l < cells.length; l++) {
      cells[l].addGradients(gradients, slice("layers." + l + ".input.weight").offset());
    }
    maskWeights(gradients, noise);
    leastVariance =
        Arrays.stream(cells).mapToDouble(ReferenceCellAccess::leastVariance).min().orElseThrow();
    crossEntropy = total / rows;
    return crossEntropy + penalties;
  }

  private double rate(int layer) {
    boolean last = layer == description.layers().size() - 1;
    return last ? description.dropouts().output() : description.dropouts().layer();
  }

  /** Adds the loss against the target, and what smoothing adds to it, to {@code loss}. */
  private void head(
      double[] a, double[] da, int target, int rows, Objective objective, double[] loss) {
    List<Integer> cutoffs = description.cutoffs();
    int cluster = -1;
    while (cluster + 1 < cutoffs.size() && target >= cutoffs.get(cluster + 1)) {
      cluster++;
    }
    int listed = cluster < 0 ? target : cutoffs.get(0) + cluster;
    Slice weight = slice(description.tied() ? "embedding.weight" : "head.weight");
    Slice bias = slice("head.bias");
    softmax(a, da, listed, weight, bias, rows, objective, loss);
    if (cluster < 0) {
      return;
    }
    String prefix = "head.clusters." + cluster + ".";
    Slice projection = slice(prefix + "projection.weight");
    double[] projected = new double[projection.rows()];
    double[] dProjected = new double[projection.rows()];
    for (int i = 0; i < projected.length; i++) {
      for (int j = 0; j < a.length; j++) {
        projected[i] += parameters[projection.offset() + i * a.length + j] * a[j];
      }
    }
    softmax(
        projected,
        dProjected,
        target - cutoffs.get(cluster),
        slice(prefix + "weight"),
        slice(prefix + "bias"),
        rows,
        objective,
        loss);
    for (int i = 0; i < projected.length; i++) {
      for (int j = 0; j < a.length; j++) {
        gradients[projection.offset() + i * a.length + j] += dProjected[i] * a[j];
        da[j] += parameters[projection.offset() + i * a.length + j] * dProjected[i];
      }
    }
  }

  private void softmax(
      double[] a,
      double[] da,
      int target,
      Slice weight,
      Slice bias,
      int rows,
      Objective objective,
      double[] loss) {
    int outputs = bias.size();
    double[] logits = new double[outputs];
    double sum = 0;
    for (int v = 0; v < outputs; v++) {
      logits[v] = parameters[bias.offset() + v];
      for (int j = 0; j < a.length; j++) {
        logits[v] += parameters[weight.offset() + v * a.length + j] * a[j];
      }
      sum += Math.exp(logits[v]);
    }
    double smoothing = objective.labelSmoothing();
    double smoothed = 0;
    for (int v = 0; v < outputs; v++) {
      double wanted = (v == target ? 1 - smoothing : 0) + smoothing / outputs;
      smoothed += wanted * (Math.log(sum) - logits[v]);
      double dz = (Math.exp(logits[v]) / sum - wanted) / rows;
      gradients[bias.offset() + v] += dz;
      for (int j = 0; j < a.length; j++) {
        gradients[weight.offset() + v * a.length + j] += dz * a[j];
        da[j] += parameters[weight.offset() + v * a.length + j] * dz;
      }
    }
    double against = Math.log(sum) - logits[target];
    loss[0] += against;
    loss[1] += smoothed - against;
  }
}
