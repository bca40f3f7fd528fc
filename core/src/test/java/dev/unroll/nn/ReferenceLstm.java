package dev.unroll.nn;

/** The LSTM, with or without peepholes; gates in the order u, f, c, o. */
final class ReferenceLstm extends ReferenceCell {

  private final Peepholes peepholes;

  ReferenceLstm(int inputs, int units, Peepholes peepholes) {
    super(inputs, units, 4, peepholes == Peepholes.NONE ? 0 : 3 * units);
    this.peepholes = peepholes;
  }

  private double peep(int gate, int j) {
    return peepholes == Peepholes.NONE ? 0 : parameters[ownIndex(gate * units + j)];
  }

  @Override
  Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[][] gate = new double[4][units];
    double[] a = new double[units];
    double[] c = new double[units];
    for (int j = 0; j < units; j++) {
      double[] z = new double[4];
      for (int g = 0; g < 4; g++) {
        z[g] = inputShare(g, j, x) + recurrentShare(g, j, aBefore);
      }
      gate[0][j] = sigmoid(z[0] + peep(0, j) * cBefore[j]);
      gate[1][j] = sigmoid(z[1] + peep(1, j) * cBefore[j]);
      gate[2][j] = Math.tanh(z[2]);
      c[j] = gate[1][j] * cBefore[j] + gate[0][j] * gate[2][j];
      double seen = peepholes == Peepholes.AFTER ? c[j] : cBefore[j];
      gate[3][j] = sigmoid(z[3] + peep(2, j) * seen);
      a[j] = gate[3][j] * Math.tanh(c[j]);
    }
    return new Step(x, aBefore, cBefore, gate, a, c);
  }

  @Override
  Back backward(Step s, double[] da, double[] dcIn) {
    double[] dx = new double[inputs];
    double[] dBefore = new double[units];
    double[] dcBefore = new double[units];
    for (int j = 0; j < units; j++) {
      double u = s.gates()[0][j];
      double f = s.gates()[1][j];
      double c = s.gates()[2][j];
      double o = s.gates()[3][j];
      double tanhC = Math.tanh(s.c()[j]);
      double dzo = da[j] * tanhC * o * (1 - o);
      double dc = dcIn[j] + da[j] * o * (1 - tanhC * tanhC);
      if (peepholes == Peepholes.AFTER) {
        dc += peep(2, j) * dzo;
      }
      double dzc = dc * u * (1 - c * c);
      double dzu = dc * c * u * (1 - u);
      double dzf = dc * s.cBefore()[j] * f * (1 - f);
      dcBefore[j] = dc * f + peep(0, j) * dzu + peep(1, j) * dzf;
      if (peepholes == Peepholes.BEFORE) {
        dcBefore[j] += peep(2, j) * dzo;
      }
      double[] dz = {dzu, dzf, dzc, dzo};
      for (int g = 0; g < 4; g++) {
        inputBack(g, j, dz[g], s.x(), dx);
        recurrentBack(g, j, dz[g], s.aBefore(), dBefore);
      }
      if (peepholes != Peepholes.NONE) {
        double seen = peepholes == Peepholes.AFTER ? s.c()[j] : s.cBefore()[j];
        gradients[ownIndex(j)] += dzu * s.cBefore()[j];
        gradients[ownIndex(units + j)] += dzf * s.cBefore()[j];
        gradients[ownIndex(2 * units + j)] += dzo * seen;
      }
    }
    return new Back(dx, dBefore, dcBefore);
  }
}
