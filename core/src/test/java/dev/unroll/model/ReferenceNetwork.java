package dev.unroll.model;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.nn.Embedding;
import dev.unroll.nn.ReferenceCellAccess;
import dev.unroll.nn.Slice;
import java.util.Arrays;
import java.util.List;

/**
 * A whole language network in double precision: embedding, layers, dropout, head, mean
 * cross-entropy; one sequence and one step at a time.
 */
final class ReferenceNetwork {

  private final LanguageNetwork network;
  private final Network description;
  final double[] parameters;
  final double[] gradients;

  ReferenceNetwork(LanguageNetwork network, float[] values) {
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

  /** Factor of element j of a row at a place of dropout, as the engine draws it. */
  private static double mask(
      CounterRandom noise, int place, double rate, int row, int j, int width) {
    if (noise == null || rate == 0) {
      return 1;
    }
    boolean kept = noise.part(place).bits((long) row * width + j) >>> 11 >= (long) (rate * 0x1p53);
    return kept ? 1 / (1 - rate) : 0;
  }

  /** Returns the mean loss a token from the zero state, and fills the gradients. */
  double lossAndGradient(Batch batch, CounterRandom noise) {
    Arrays.fill(gradients, 0);
    Slice embedding = slice("embedding.weight");
    Slice head = description.tied() ? embedding : slice("head.weight");
    Slice bias = slice("head.bias");
    List<Network.Layer> layers = description.layers();
    var cells = new ReferenceCellAccess[layers.size()];
    for (int l = 0; l < cells.length; l++) {
      int from = slice("layers." + l + ".input.weight").offset();
      cells[l] =
          ReferenceCellAccess.of(
              layers.get(l).cell().label(),
              slice("layers." + l + ".input.weight").columns(),
              layers.get(l).units());
      cells[l].load(parameters, from);
    }
    double total = 0;
    int rows = batch.steps().rows();
    for (int s = 0; s < batch.steps().batch(); s++) {
      int length = batch.steps().length(s);
      double[][][] x = new double[cells.length + 1][length][];
      for (int t = 0; t < length; t++) {
        int row = batch.steps().row(t, s);
        int width = embedding.columns();
        x[0][t] = new double[width];
        for (int j = 0; j < width && batch.inputs()[row] != Embedding.START; j++) {
          x[0][t][j] =
              parameters[embedding.offset() + batch.inputs()[row] * width + j]
                  * mask(noise, 0, description.inputDropout(), row, j, width);
        }
      }
      for (int l = 0; l < cells.length; l++) {
        double[][] a = cells[l].forward(x[l]);
        int units = layers.get(l).units();
        for (int t = 0; t < length; t++) {
          int row = batch.steps().row(t, s);
          x[l + 1][t] = new double[units];
          for (int j = 0; j < units; j++) {
            x[l + 1][t][j] = a[t][j] * mask(noise, l + 1, rate(l), row, j, units);
          }
        }
      }
      int units = layers.get(cells.length - 1).units();
      double[][] d = new double[length][units];
      for (int t = 0; t < length; t++) {
        int row = batch.steps().row(t, s);
        total += head(x[cells.length][t], d[t], batch.targets()[row], head, bias, rows);
      }
      for (int l = cells.length - 1; l >= 0; l--) {
        for (int t = 0; t < length; t++) {
          int row = batch.steps().row(t, s);
          for (int j = 0; j < d[t].length; j++) {
            d[t][j] *= mask(noise, l + 1, rate(l), row, j, d[t].length);
          }
        }
        d = cells[l].backward(d);
      }
      for (int t = 0; t < length; t++) {
        int row = batch.steps().row(t, s);
        for (int j = 0; j < d[t].length && batch.inputs()[row] != Embedding.START; j++) {
          gradients[embedding.offset() + batch.inputs()[row] * embedding.columns() + j] +=
              d[t][j] * mask(noise, 0, description.inputDropout(), row, j, d[t].length);
        }
      }
    }
    for (int l = 0; l < cells.length; l++) {
      cells[l].addGradients(gradients, slice("layers." + l + ".input.weight").offset());
    }
    return total / rows;
  }

  private double rate(int layer) {
    boolean last = layer == description.layers().size() - 1;
    return last ? description.outputDropout() : description.layerDropout();
  }

  private double head(double[] a, double[] da, int target, Slice weight, Slice bias, int rows) {
    int outputs = network.vocabulary();
    double[] logits = new double[outputs];
    double sum = 0;
    for (int v = 0; v < outputs; v++) {
      logits[v] = parameters[bias.offset() + v];
      for (int j = 0; j < a.length; j++) {
        logits[v] += parameters[weight.offset() + v * a.length + j] * a[j];
      }
      sum += Math.exp(logits[v]);
    }
    for (int v = 0; v < outputs; v++) {
      double dz = (Math.exp(logits[v]) / sum - (v == target ? 1 : 0)) / rows;
      gradients[bias.offset() + v] += dz;
      for (int j = 0; j < a.length; j++) {
        gradients[weight.offset() + v * a.length + j] += dz * a[j];
        da[j] += parameters[weight.offset() + v * a.length + j] * dz;
      }
    }
    return Math.log(sum) - logits[target];
  }
}
