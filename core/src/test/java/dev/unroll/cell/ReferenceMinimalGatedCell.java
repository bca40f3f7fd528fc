package dev.unroll.cell;

import dev.unroll.cells.MinimalGatedCell;

/** The minimal gated unit; gates in the order f, c. */
final class ReferenceMinimalGatedCell extends ReferenceCell {

  ReferenceMinimalGatedCell(Sizes sizes, MinimalGatedCell cell) {
    super(sizes, 2, 0, false);
  }

  @Override
  public Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[] z = inputShares(x);
    double[] fromState = recurrentShares(0, 1, aBefore);
    double[] f = new double[units];
    double[] inner = new double[units];
    for (int j = 0; j < units; j++) {
      f[j] = sigmoid(z[j] + fromState[j]);
      inner[j] = f[j] * aBefore[j];
    }
    double[] fromInner = recurrentShares(1, 1, inner);
    double[] c = new double[units];
    double[] a = new double[units];
    for (int j = 0; j < units; j++) {
      c[j] = Math.tanh(z[units + j] + fromInner[j]);
      a[j] = f[j] * c[j] + (1 - f[j]) * aBefore[j];
    }
    return new Step(x, aBefore, cBefore, new double[][] {f, inner, c}, a, new double[0]);
  }

  @Override
  public Back backward(Step s, double[] da, double[] dc) {
    double[] f = s.gates()[0];
    double[] inner = s.gates()[1];
    double[] c = s.gates()[2];
    double[] dx = new double[inputs];
    double[] dBefore = new double[units];
    double[] dInner = new double[units];
    double[] dzf = new double[units];
    double[] dzc = new double[units];
    for (int j = 0; j < units; j++) {
      dzc[j] = da[j] * f[j] * (1 - c[j] * c[j]);
    }
    recurrentBack(1, 1, dzc, inner, dInner);
    double[] dz = new double[2 * units];
    for (int j = 0; j < units; j++) {
      double df = da[j] * (c[j] - s.aBefore()[j]) + dInner[j] * s.aBefore()[j];
      dzf[j] = df * f[j] * (1 - f[j]);
      dBefore[j] = da[j] * (1 - f[j]) + dInner[j] * f[j];
      dz[j] = dzf[j];
      dz[units + j] = dzc[j];
    }
    recurrentBack(0, 1, dzf, s.aBefore(), dBefore);
    inputBack(dz, s.x(), dx);
    return new Back(dx, dBefore, new double[0]);
  }
}
