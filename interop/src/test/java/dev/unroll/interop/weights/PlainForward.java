package dev.unroll.interop.weights;

import dev.unroll.cells.Activation;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The equations of {@link CellForm} in double precision, one sequence at a time: the reference. */
public final class PlainForward {

  private PlainForward() {}

  /** The outputs of all layers, [T][outputs], of one sequence [T][inputs]. */
  public static double[][] run(List<PortableLayer> layers, double[][] sequence) {
    double[][] x = sequence;
    for (PortableLayer layer : layers) {
      double[][] forward = way(layer.forward(), x);
      double[][] backward = reversed(way(layer.backward(), reversed(x)));
      var y = new double[x.length][];
      for (int t = 0; t < x.length; t++) {
        y[t] = layer.summed() ? sum(forward[t], backward[t]) : joined(forward[t], backward[t]);
      }
      x = y;
    }
    return x;
  }

  /** Weights times a vector, plus a bias. */
  public static double[] affine(Tensor weight, @Nullable Tensor bias, double[] x) {
    int columns = weight.shape().axis(1);
    double[] w = weight.doubles();
    double[] y = vector(bias, weight.shape().axis(0));
    for (int i = 0; i < w.length; i++) {
      y[i / columns] += w[i] * x[i % columns];
    }
    return y;
  }

  private static double[] vector(@Nullable Tensor vector, int size) {
    return vector == null ? new double[size] : vector.doubles();
  }

  private static double[][] way(@Nullable PortableCell cell, double[][] x) {
    var y = new double[x.length][0];
    if (cell == null) {
      return y;
    }
    double[] h = new double[cell.outputs()];
    double[] c = new double[cell.units()];
    for (int t = 0; t < x.length; t++) {
      h =
          switch (cell.form()) {
            case CellForm.Basic basic -> basic(cell, basic.activation(), x[t], h);
            case CellForm.Gru gru -> gru(cell, gru, x[t], h);
            case CellForm.Lstm lstm -> lstm(cell, lstm.peepholes(), x[t], h, c);
          };
      y[t] = h;
    }
    return y;
  }

  private static double[] basic(PortableCell cell, Activation g, double[] x, double[] h) {
    double[] z = gate(cell, Gate.HIDDEN, x, h);
    return map(z, v -> g == Activation.TANH ? Math.tanh(v) : Math.max(v, 0));
  }

  private static double[] gru(PortableCell cell, CellForm.Gru form, double[] x, double[] h) {
    double[] z = map(gate(cell, Gate.UPDATE, x, h), PlainForward::sigmoid);
    double[] r = map(gate(cell, Gate.RESET, x, h), PlainForward::sigmoid);
    GateWeights w = cell.gate(Gate.CANDIDATE);
    double[] inner =
        form.resetAfter()
            ? product(r, affine(w.recurrent(), w.recurrentBias(), h))
            : affine(w.recurrent(), w.recurrentBias(), product(r, h));
    double[] n = map(sum(affine(w.input(), w.inputBias(), x), inner), Math::tanh);
    var next = new double[h.length];
    for (int i = 0; i < next.length; i++) {
      double old = form.updateKeeps() ? z[i] : 1 - z[i];
      next[i] = old * h[i] + (1 - old) * n[i];
    }
    return next;
  }

  /** Replaces c⟨t-1⟩ by c⟨t⟩. */
  private static double[] lstm(
      PortableCell cell, Peepholes peepholes, double[] x, double[] h, double[] c) {
    double[] i =
        map(sum(gate(cell, Gate.INPUT, x, h), peep(cell, Gate.INPUT, c)), PlainForward::sigmoid);
    double[] f =
        map(sum(gate(cell, Gate.FORGET, x, h), peep(cell, Gate.FORGET, c)), PlainForward::sigmoid);
    double[] g = map(gate(cell, Gate.CELL, x, h), Math::tanh);
    double[] before = c.clone();
    System.arraycopy(sum(product(f, c), product(i, g)), 0, c, 0, c.length);
    double[] seen = peepholes == Peepholes.AFTER ? c : before;
    double[] o =
        map(
            sum(gate(cell, Gate.OUTPUT, x, h), peep(cell, Gate.OUTPUT, seen)),
            PlainForward::sigmoid);
    double[] a = product(o, map(c, Math::tanh));
    return cell.projection() == null ? a : affine(cell.projection(), null, a);
  }

  private static double[] peep(PortableCell cell, Gate gate, double[] c) {
    return product(vector(cell.gate(gate).peephole(), c.length), c);
  }

  private static double[] gate(PortableCell cell, Gate gate, double[] x, double[] h) {
    GateWeights w = cell.gate(gate);
    return sum(affine(w.input(), w.inputBias(), x), affine(w.recurrent(), w.recurrentBias(), h));
  }

  private static double sigmoid(double v) {
    return 1 / (1 + Math.exp(-v));
  }

  private static double[] map(double[] x, DoubleUnaryOperator function) {
    return Arrays.stream(x).map(function).toArray();
  }

  private static double[] sum(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
  }

  private static double[] product(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).toArray();
  }

  private static double[] joined(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static double[][] reversed(double[][] x) {
    var y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = x[x.length - 1 - t];
    }
    return y;
  }
}
