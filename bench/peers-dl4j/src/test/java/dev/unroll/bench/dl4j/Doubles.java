package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.util.function.DoubleSupplier;

/** Computations of the references on arrays of doubles. */
final class Doubles {

  /** The error of a central difference is about its square. */
  private static final double DIFFERENCE = 1e-5;

  private Doubles() {}

  static double[] of(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  /** Returns the inner product with the output gradient, as {@link Numbers#checkSum} does. */
  static double checkSum(double[] values) {
    double[] weights = of(Numbers.uniform(Kind.OUTPUT_GRADIENT, 0, values.length, 1));
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * weights[i];
    }
    return sum;
  }

  /** Returns the gradient of a function with respect to the given values, which it reads. */
  static double[] gradient(double[] values, DoubleSupplier function) {
    double[] gradient = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + DIFFERENCE;
      double above = function.getAsDouble();
      values[i] = value - DIFFERENCE;
      double below = function.getAsDouble();
      values[i] = value;
      gradient[i] = (above - below) / (2 * DIFFERENCE);
    }
    return gradient;
  }
}
