package dev.unroll.cell;

import dev.unroll.cells.Activation;
import dev.unroll.cells.BasicCell;

/** The basic recurrent cell: a⟨t⟩ = g1(Waa a⟨t-1⟩ + Wax x⟨t⟩ + ba). */
final class ReferenceBasicCell extends ReferenceCell {

  private final boolean relu;

  ReferenceBasicCell(Sizes sizes, BasicCell cell) {
    super(sizes, 1, 0, false);
    this.relu = cell.activation() == Activation.RELU;
  }

  @Override
  public Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[] fromInput = inputShares(x);
    double[] fromState = recurrentShares(0, 1, aBefore);
    double[] a = new double[units];
    double[] pre = new double[units];
    for (int j = 0; j < units; j++) {
      double z = fromInput[j] + fromState[j];
      pre[j] = z;
      a[j] = relu ? Math.max(z, 0) : Math.tanh(z);
    }
    return new Step(x, aBefore, cBefore, new double[][] {pre}, a, new double[0]);
  }

  @Override
  public Back backward(Step s, double[] da, double[] dc) {
    double[] dx = new double[inputs];
    double[] dBefore = new double[units];
    double[] dz = new double[units];
    for (int j = 0; j < units; j++) {
      dz[j] = relu ? (s.a()[j] > 0 ? da[j] : 0) : da[j] * (1 - s.a()[j] * s.a()[j]);
    }
    inputBack(dz, s.x(), dx);
    recurrentBack(0, 1, dz, s.aBefore(), dBefore);
    return new Back(dx, dBefore, new double[0]);
  }

  @Override
  public double[] kinks(Step s) {
    return relu ? s.gates()[0] : new double[0];
  }
}
