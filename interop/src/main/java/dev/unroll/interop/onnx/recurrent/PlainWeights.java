package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one direction, in double precision.
 *
 * @param w [gates·hidden][inputs]
 * @param r [gates·hidden][hidden]
 * @param wb [gates·hidden]
 * @param rb [gates·hidden]
 * @param p peepholes [3·hidden], zeros where there are none
 */
record PlainWeights(double[] w, double[] r, double[] wb, double[] rb, double[] p, int inputs) {

  static PlainWeights of(RecurrentParameters parameters, int way) {
    int width = parameters.width();
    PlainWeights others = of(parameters.sizes(), parameters.b(), parameters.p(), way);
    return new PlainWeights(
        part(parameters.w(), way, width * parameters.inputs()),
        part(parameters.r(), way, width * parameters.hidden()),
        others.wb,
        others.rb,
        others.p,
        parameters.inputs());
  }

  /**
   * Biases and peepholes, without the matrices.
   *
   * @param b [directions][2·gates·hidden]
   * @param p [directions][3·hidden]
   * @throws IllegalArgumentException if one has another shape or type
   */
  static PlainWeights of(RecurrentSizes sizes, @Nullable Tensor b, @Nullable Tensor p, int way) {
    int width = sizes.form().kind().gates() * sizes.hidden();
    sizes.checkBiases(b);
    sizes.checkPeepholes(p);
    double[] both = part(b, way, 2 * width);
    return new PlainWeights(
        new double[0],
        new double[0],
        Arrays.copyOfRange(both, 0, width),
        Arrays.copyOfRange(both, width, 2 * width),
        part(p, way, 3 * sizes.hidden()),
        sizes.inputs());
  }

  private static double[] part(@Nullable Tensor tensor, int way, int size) {
    return tensor == null
        ? new double[size]
        : Arrays.copyOfRange(tensor.doubles(), way * size, (way + 1) * size);
  }

  /** {@code Wb + Rb}. */
  double[] biases() {
    double[] z = wb.clone();
    for (int j = 0; j < z.length; j++) {
      z[j] += rb[j];
    }
    return z;
  }

  /** {@code W x + Wb}. */
  double[] ofInput(double[] x, int at) {
    double[] z = wb.clone();
    addProduct(w, 0, inputs, x, at, z, 0, z.length);
    return z;
  }

  /** {@code z += R h + Rb}, for the gates' values {@code from … to}. */
  void addOfState(double[] h, double[] z, int from, int to) {
    addProduct(r, from * h.length, h.length, h, 0, z, from, to);
    for (int j = from; j < to; j++) {
      z[j] += rb[j];
    }
  }

  private static void addProduct(
      double[] m, int at, int columns, double[] x, int xAt, double[] z, int from, int to) {
    for (int j = from; j < to; j++) {
      double sum = 0;
      int row = at + (j - from) * columns;
      for (int k = 0; k < columns; k++) {
        sum += m[row + k] * x[xAt + k];
      }
      z[j] += sum;
    }
  }
}
