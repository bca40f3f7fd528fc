package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One layer, directly from its equations, in double precision, with the weights of {@link Numbers}.
 */
final class ReferenceLayer {

  private final Case work;
  private final int units;
  private final Map<Kind, double[]> weights = new EnumMap<>(Kind.class);

  ReferenceLayer(Case work, int layer) {
    this.work = work;
    this.units = work.units();
    for (Kind kind : List.of(Kind.INPUT_WEIGHT, Kind.RECURRENT_WEIGHT, Kind.BIAS)) {
      weights.put(kind, ReferenceCase.doubles(Numbers.parameters(kind, layer, work)));
    }
    if (work.cell() == Cell.GRU) {
      float[] bias = Numbers.parameters(Kind.RECURRENT_BIAS, layer, work);
      weights.put(Kind.RECURRENT_BIAS, ReferenceCase.doubles(bias));
    }
  }

  double[] weights(Kind kind) {
    return weights.get(kind);
  }

  Collection<double[]> allWeights() {
    return weights.values();
  }

  /** Returns the outputs [T][B][H] of inputs [T][B][H]. */
  double[] forward(double[] inputs) {
    double[] outputs = new double[inputs.length];
    double[][] a = new double[work.batch()][units];
    double[][] c = new double[work.batch()][units];
    for (int row = 0; row < inputs.length / units; row++) {
      int sequence = row % work.batch();
      double[] x = Arrays.copyOfRange(inputs, row * units, (row + 1) * units);
      a[sequence] = step(x, a[sequence], c[sequence]);
      System.arraycopy(a[sequence], 0, outputs, row * units, units);
    }
    return outputs;
  }

  private double[] step(double[] x, double[] a, double[] c) {
    double[] next = new double[units];
    for (int unit = 0; unit < units; unit++) {
      next[unit] = work.cell() == Cell.LSTM ? lstm(unit, x, a, c) : gru(unit, x, a);
    }
    return next;
  }

  private double lstm(int unit, double[] x, double[] a, double[] c) {
    double u = sigmoid(input(0, unit, x) + recurrent(0, unit, a));
    double f = sigmoid(input(1, unit, x) + recurrent(1, unit, a));
    double candidate = Math.tanh(input(2, unit, x) + recurrent(2, unit, a));
    double o = sigmoid(input(3, unit, x) + recurrent(3, unit, a));
    c[unit] = u * candidate + f * c[unit];
    return o * Math.tanh(c[unit]);
  }

  private double gru(int unit, double[] x, double[] a) {
    double u = sigmoid(input(0, unit, x) + recurrent(0, unit, a));
    double r = sigmoid(input(1, unit, x) + recurrent(1, unit, a));
    double inReset = recurrent(2, unit, a) + weights.get(Kind.RECURRENT_BIAS)[unit];
    double candidate = Math.tanh(input(2, unit, x) + r * inReset);
    return u * candidate + (1 - u) * a[unit];
  }

  private double input(int gate, int unit, double[] x) {
    int row = gate * units + unit;
    return weights.get(Kind.BIAS)[row]
        + ReferenceCase.dot(weights.get(Kind.INPUT_WEIGHT), row, x, 0, units);
  }

  private double recurrent(int gate, int unit, double[] a) {
    return ReferenceCase.dot(weights.get(Kind.RECURRENT_WEIGHT), gate * units + unit, a, 0, units);
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
