package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** A case in plain double precision; gradients are central differences. */
final class ReferenceCase {

  private static final double DIFFERENCE = 1e-5;

  private final Case work;
  private final int units;
  private final int rows;
  private final List<ReferenceLayer> layers;
  private final Map<Kind, double[]> ends = new EnumMap<>(Kind.class);
  private final double[] x;

  ReferenceCase(Case work) {
    this.work = work;
    this.units = work.units();
    this.rows = work.steps() * work.batch();
    layers = IntStream.range(0, work.layers()).mapToObj(k -> new ReferenceLayer(work, k)).toList();
    for (Kind kind : List.of(Kind.EMBEDDING, Kind.HEAD_WEIGHT, Kind.HEAD_BIAS)) {
      ends.put(kind, doubles(Numbers.parameters(kind, 0, work)));
    }
    x = doubles(Numbers.uniform(Kind.INPUT, 0, rows * units, 1));
  }

  /** Returns Σ y·w and ‖y‖. */
  double[] outputNumbers() {
    return summary(outputs(x));
  }

  /** Returns Σ a·w and ‖a‖ of the last row. */
  double[] lastOutputNumbers() {
    double[] y = outputs(x);
    return summary(Arrays.copyOfRange(y, y.length - units, y.length));
  }

  /** Returns Σ logits·w and ‖logits‖ of the last row. */
  double[] lastLogitNumbers() {
    return summary(logits(outputs(embedded()), rows - 1));
  }

  /** Returns ‖dx‖, ‖dWx‖, ‖dWa‖, ‖db‖ of the first layer, where d is the gradient of Σ y·w. */
  double[] gradientNorms() {
    ReferenceLayer first = layers.get(0);
    return List.of(
            x,
            first.weights(Kind.INPUT_WEIGHT),
            first.weights(Kind.RECURRENT_WEIGHT),
            first.weights(Kind.BIAS))
        .stream()
        .mapToDouble(values -> norm(gradient(values, () -> weighted(outputs(x)))))
        .toArray();
  }

  /** Returns the mean losses of some steps, each after the update at rate 1 of the one before. */
  double[] losses(int steps) {
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      if (step > 0) {
        update();
      }
      losses[step] = meanLoss();
    }
    return losses;
  }

  private void update() {
    List<double[]> parameters = new ArrayList<>(ends.values());
    layers.forEach(layer -> parameters.addAll(layer.allWeights()));
    List<double[]> gradients = parameters.stream().map(p -> gradient(p, this::meanLoss)).toList();
    for (int p = 0; p < gradients.size(); p++) {
      for (int i = 0; i < gradients.get(p).length; i++) {
        parameters.get(p)[i] -= gradients.get(p)[i];
      }
    }
  }

  private double meanLoss() {
    double[] y = outputs(embedded());
    int[] targets = Numbers.tokens(Kind.TARGET_TOKEN, rows, work.vocabulary());
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      double[] logits = logits(y, row);
      sum += Math.log(Arrays.stream(logits).map(Math::exp).sum()) - logits[targets[row]];
    }
    return sum / rows;
  }

  private double[] embedded() {
    int[] tokens = Numbers.tokens(Kind.INPUT_TOKEN, rows, work.vocabulary());
    double[] vectors = new double[rows * units];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(ends.get(Kind.EMBEDDING), tokens[row] * units, vectors, row * units, units);
    }
    return vectors;
  }

  private double[] outputs(double[] inputs) {
    double[] y = inputs;
    for (ReferenceLayer layer : layers) {
      y = layer.forward(y);
    }
    return y;
  }

  private double[] logits(double[] y, int row) {
    double[] logits = ends.get(Kind.HEAD_BIAS).clone();
    for (int token = 0; token < logits.length; token++) {
      logits[token] += dot(ends.get(Kind.HEAD_WEIGHT), token, y, row, units);
    }
    return logits;
  }

  private static double[] gradient(double[] parameters, DoubleSupplier value) {
    double[] gradient = new double[parameters.length];
    for (int i = 0; i < gradient.length; i++) {
      double before = parameters[i];
      parameters[i] = before + DIFFERENCE;
      double above = value.getAsDouble();
      parameters[i] = before - DIFFERENCE;
      double below = value.getAsDouble();
      parameters[i] = before;
      gradient[i] = (above - below) / (2 * DIFFERENCE);
    }
    return gradient;
  }

  private static double[] summary(double[] values) {
    return new double[] {weighted(values), norm(values)};
  }

  private static double weighted(double[] values) {
    double[] weights = doubles(Numbers.uniform(Kind.OUTPUT_GRADIENT, 0, values.length, 1));
    return dot(values, 0, weights, 0, values.length);
  }

  private static double norm(double[] values) {
    return Math.sqrt(dot(values, 0, values, 0, values.length));
  }

  /** Returns the inner product of a row of one matrix and a row of another. */
  static double dot(double[] left, int leftRow, double[] right, int rightRow, int columns) {
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      sum += left[leftRow * columns + i] * right[rightRow * columns + i];
    }
    return sum;
  }

  static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
