package dev.unroll.cell;

/** The minimal GRU and LSTM; gates in the order u, c or u, f, c. */
class ReferenceMinimal extends ReferenceCell {

  private final boolean forgets;

  ReferenceMinimal(Sizes sizes, boolean forgets) {
    super(sizes, forgets ? 3 : 2, 0, false, false);
    this.forgets = forgets;
  }

  @Override
  public Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[] z = inputShares(x);
    double[] u = new double[units];
    double[] f = new double[units];
    double[] c = new double[units];
    double[] a = new double[units];
    for (int j = 0; j < units; j++) {
      u[j] = sigmoid(z[j]);
      f[j] = forgets ? sigmoid(z[units + j]) : 1 - u[j];
      c[j] = z[(gates - 1) * units + j];
      a[j] = (f[j] * aBefore[j] + u[j] * c[j]) / (f[j] + u[j]);
    }
    return new Step(x, aBefore, cBefore, new double[][] {u, f, c}, a, new double[0]);
  }

  @Override
  public Back backward(Step s, double[] da, double[] dc) {
    double[] dx = new double[inputs];
    double[] dBefore = new double[units];
    double[] dz = new double[gates * units];
    for (int j = 0; j < units; j++) {
      double u = s.gates()[0][j];
      double f = s.gates()[1][j];
      double c = s.gates()[2][j];
      double sum = u + f;
      double du = da[j] * (c - s.a()[j]) / sum;
      double df = da[j] * (s.aBefore()[j] - s.a()[j]) / sum;
      dz[j] = (forgets ? du : du - df) * u * (1 - u);
      if (forgets) {
        dz[units + j] = df * f * (1 - f);
      }
      dz[(gates - 1) * units + j] = da[j] * u / sum;
      dBefore[j] = da[j] * f / sum;
    }
    inputBack(dz, s.x(), dx);
    return new Back(dx, dBefore, new double[0]);
  }
}
