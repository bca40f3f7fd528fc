package dev.unroll.cell;

import java.util.Arrays;
import java.util.Optional;

/**
 * A recurrent cell in double precision, one step of one sequence at a time, written straight from
 * the equations. Parameters and gradients are flat arrays in the engine's layout: Wx [G·H][I], Wa
 * [G·H][O], b [G·H], then the cell's own, Wp [O][H] of a projection, and of layer normalization the
 * gains of the input's and of the recurrent products [G·H], gain and bias of the memory cell [H].
 */
public abstract class ReferenceCell {

  /** I, H, O (or 0 without a projection), and whether there is layer normalization. */
  public record Sizes(int inputs, int units, int projection, boolean normalized) {
    public int outputs() {
      return projection > 0 ? projection : units;
    }
  }

  public final int inputs;
  public final int units;
  public final int outputs;
  final int gates;
  final boolean normalized;
  public final double[] parameters;
  public final double[] gradients;
  private final int recurrentAt;
  private final int biasAt;
  private final int ownAt;
  private final int projectionAt;
  private final int inputGainAt;
  private final int recurrentGainAt;
  final int cellGainAt;
  final int cellBiasAt;

  /** The least variance that was divided by, but for zero, where all elements are alike. */
  public double leastVariance = Double.POSITIVE_INFINITY;

  ReferenceCell(Sizes sizes, int gates, int own, boolean memory) {
    this(sizes, gates, own, memory, true);
  }

  ReferenceCell(Sizes sizes, int gates, int own, boolean memory, boolean recurrent) {
    inputs = sizes.inputs;
    units = sizes.units;
    outputs = sizes.outputs();
    normalized = sizes.normalized;
    this.gates = gates;
    int width = gates * units;
    recurrentAt = width * inputs;
    biasAt = recurrentAt + (recurrent ? width * outputs : 0);
    ownAt = biasAt + width;
    projectionAt = ownAt + own;
    inputGainAt = projectionAt + sizes.projection * units;
    recurrentGainAt = inputGainAt + (normalized ? width : 0);
    cellGainAt = recurrentGainAt + (normalized && recurrent ? width : 0);
    cellBiasAt = cellGainAt + (normalized && memory ? units : 0);
    int size = cellBiasAt + (normalized && memory ? units : 0);
    parameters = new double[size];
    gradients = new double[size];
  }

  /** All that a step computed; {@code c} is empty for cells without a memory cell. */
  public record Step(
      double[] x, double[] aBefore, double[] cBefore, double[][] gates, double[] a, double[] c) {}

  /** Gradients that a step hands back. */
  public record Back(double[] dx, double[] da, double[] dc) {}

  public abstract Step forward(double[] x, double[] aBefore, double[] cBefore);

  public abstract Back backward(Step step, double[] da, double[] dc);

  /**
   * Values at 0 of which the derivative jumps, so that single precision may take the other side.
   */
  public double[] kinks(Step step) {
    return new double[0];
  }

  public int biasIndex(int i) {
    return biasAt + i;
  }

  public int ownIndex(int i) {
    return ownAt + i;
  }

  /** Wx x + b of all gates, or gain ∗ LN(Wx x) + b, [G·H]. */
  double[] inputShares(double[] x) {
    double[] z = scaled(product(0, gates * units, x), inputGainAt);
    for (int i = 0; i < z.length; i++) {
      z[i] += parameters[biasAt + i];
    }
    return z;
  }

  /** Wa state of some gates, or gain ∗ LN(Wa state). */
  double[] recurrentShares(int gate, int count, double[] state) {
    int at = recurrentAt + gate * units * outputs;
    return scaled(product(at, count * units, state), recurrentGainAt + gate * units);
  }

  /** dWx, db, dx, from the gradients of all pre-activations. */
  void inputBack(double[] dz, double[] x, double[] dx) {
    for (int i = 0; i < dz.length; i++) {
      gradients[biasAt + i] += dz[i];
    }
    productBack(0, scaledBack(product(0, dz.length, x), inputGainAt, dz), x, dx);
  }

  /** dWa, dstate of some gates, from the gradients of their products. */
  void recurrentBack(int gate, int count, double[] dz, double[] state, double[] dState) {
    int at = recurrentAt + gate * units * outputs;
    double[] product = product(at, count * units, state);
    double[] gradient = scaledBack(product, recurrentGainAt + gate * units, dz);
    productBack(at, gradient, state, dState);
  }

  /** Wp h, or h itself. */
  double[] project(double[] h) {
    return outputs == units ? h : product(projectionAt, outputs, h);
  }

  double[] projectBack(double[] da, double[] h) {
    if (outputs == units) {
      return da;
    }
    double[] dh = new double[units];
    productBack(projectionAt, da, h, dh);
    return dh;
  }

  private double[] product(int weight, int rows, double[] x) {
    double[] z = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < x.length; k++) {
        z[i] += parameters[weight + i * x.length + k] * x[k];
      }
    }
    return z;
  }

  private void productBack(int weight, double[] dz, double[] x, double[] dx) {
    for (int i = 0; i < dz.length; i++) {
      for (int k = 0; k < x.length; k++) {
        gradients[weight + i * x.length + k] += dz[i] * x[k];
        dx[k] += parameters[weight + i * x.length + k] * dz[i];
      }
    }
  }

  /** gain ∗ LN(x), where there is layer normalization. */
  double[] scaled(double[] x, int gain) {
    if (!normalized) {
      return x;
    }
    double[] y = standard(x);
    for (int i = 0; i < y.length; i++) {
      y[i] *= parameters[gain + i];
    }
    return y;
  }

  /** The gradient of x, from that of gain ∗ LN(x). */
  double[] scaledBack(double[] x, int gain, double[] dy) {
    if (!normalized) {
      return dy;
    }
    double[] standard = standard(x);
    double[] dx = new double[x.length];
    double mean = 0;
    double slope = 0;
    for (int i = 0; i < x.length; i++) {
      gradients[gain + i] += dy[i] * standard[i];
      dx[i] = dy[i] * parameters[gain + i];
      mean += dx[i] / x.length;
      slope += dx[i] * standard[i] / x.length;
    }
    double deviation = Math.sqrt(variance(x) + 1e-5);
    for (int i = 0; i < x.length; i++) {
      dx[i] = (dx[i] - mean - standard[i] * slope) / deviation;
    }
    return dx;
  }

  private double[] standard(double[] x) {
    double mean = Arrays.stream(x).sum() / x.length;
    double variance = variance(x);
    if (variance > 0) {
      leastVariance = Math.min(leastVariance, variance);
    }
    return Arrays.stream(x).map(each -> (each - mean) / Math.sqrt(variance + 1e-5)).toArray();
  }

  private static double variance(double[] x) {
    double mean = Arrays.stream(x).sum() / x.length;
    return Arrays.stream(x).map(each -> (each - mean) * (each - mean)).sum() / x.length;
  }

  /**
   * The reference of a cell: the class in this package that is called Reference and the cell's own
   * name, with a constructor of sizes and cell.
   */
  public static ReferenceCell of(Cell cell, Sizes sizes) {
    Class<?> type = classOf(cell).orElseThrow();
    try {
      var constructor = type.getDeclaredConstructor(Sizes.class, cell.getClass());
      return (ReferenceCell) constructor.newInstance(sizes, cell);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          type.getSimpleName() + " has no constructor (Sizes, " + cell.getClass() + ")", e);
    }
  }

  /** The class of a cell's reference, if there is one. */
  static Optional<Class<?>> classOf(Cell cell) {
    String name = "dev.unroll.cell.Reference" + cell.getClass().getSimpleName();
    try {
      return Optional.of(Class.forName(name));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
