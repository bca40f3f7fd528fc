package dev.unroll.cell;

import dev.unroll.cells.IndependentCell;

/** The independently recurrent cell: a⟨t⟩ = relu(Wax x⟨t⟩ + u ∗ a⟨t-1⟩ + ba). */
final class ReferenceIndependentCell extends ReferenceCell {

  ReferenceIndependentCell(Sizes sizes, IndependentCell cell) {
    super(sizes, 1, sizes.units(), false, false);
  }

  @Override
  public Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[] z = inputShares(x);
    double[] a = new double[units];
    for (int j = 0; j < units; j++) {
      z[j] += parameters[ownIndex(j)] * aBefore[j];
      a[j] = Math.max(z[j], 0);
    }
    return new Step(x, aBefore, cBefore, new double[][] {z}, a, new double[0]);
  }

  @Override
  public Back backward(Step s, double[] da, double[] dc) {
    double[] dx = new double[inputs];
    double[] dBefore = new double[units];
    double[] dz = new double[units];
    for (int j = 0; j < units; j++) {
      dz[j] = s.a()[j] > 0 ? da[j] : 0;
      gradients[ownIndex(j)] += dz[j] * s.aBefore()[j];
      dBefore[j] = parameters[ownIndex(j)] * dz[j];
    }
    inputBack(dz, s.x(), dx);
    return new Back(dx, dBefore, new double[0]);
  }

  @Override
  public double[] kinks(Step s) {
    return s.gates()[0];
  }
}
