package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** Sums of all elements up to each one, along an axis. */
final class CumulativeSum {

  private CumulativeSum() {}

  static List<Definition> definitions() {
    return List.of(new Definition("CumSum", 11, CumulativeSum::run));
  }

  private static List<Tensor> run(Call call) {
    Tensor x = call.input(0);
    Shape shape = x.shape();
    var around = new Around(shape, Axes.axis(Numbers.only(call.input(1)).longs()[0], shape.rank()));
    boolean backward = call.attributes().number("reverse", 0) != 0;
    int shift = call.attributes().number("exclusive", 0) != 0 ? 1 : 0;
    double[] reals = x.type().isInteger() ? new double[0] : x.doubles();
    double[] sums = new double[reals.length];
    long[] wholes = x.type().isInteger() ? (long[]) x.elements() : new long[0];
    long[] wholeSums = new long[wholes.length];
    for (int line = 0; line < around.outer() * around.inner(); line++) {
      double sum = 0;
      long whole = 0;
      for (int i = 0; i < around.length(); i++) {
        int place = backward ? around.length() - 1 - i : i;
        int at = around.at(line / around.inner(), place, line % around.inner());
        if (x.type().isInteger()) {
          long before = whole;
          whole += wholes[at];
          wholeSums[at] = shift == 1 ? before : whole;
        } else {
          double before = sum;
          sum += reals[at];
          sums[at] = shift == 1 ? before : sum;
        }
      }
    }
    return List.of(
        x.type().isInteger()
            ? MatrixProducts.rounded(x.type(), shape, wholeSums)
            : Elements.real(x.type(), shape, sums));
  }
}
