package dev.unroll.cell;

import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;

/** The LSTM, with or without peepholes; gates in the order u, f, c, o. */
final class ReferenceLstmCell extends ReferenceCell {

  private final Peepholes peepholes;

  ReferenceLstmCell(Sizes sizes, LstmCell cell) {
    super(sizes, 4, cell.peepholes() == Peepholes.NONE ? 0 : 3 * sizes.units(), true);
    this.peepholes = cell.peepholes();
  }

  private double peep(int gate, int j) {
    return peepholes == Peepholes.NONE ? 0 : parameters[ownIndex(gate * units + j)];
  }

  /** What tanh is taken of for the output: c⟨t⟩, or gain ∗ LN(c⟨t⟩) + bias. */
  private double[] unsquashed(double[] c) {
    double[] y = scaled(c, cellGainAt).clone();
    for (int j = 0; j < units && normalized; j++) {
      y[j] += parameters[cellBiasAt + j];
    }
    return y;
  }

  /** What the output gate lets out. */
  private double[] hidden(double[] c, double[] o) {
    double[] h = unsquashed(c);
    for (int j = 0; j < units; j++) {
      h[j] = o[j] * Math.tanh(h[j]);
    }
    return h;
  }

  @Override
  public Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[][] gate = new double[4][units];
    double[] c = new double[units];
    double[] fromInput = inputShares(x);
    double[] fromState = recurrentShares(0, 4, aBefore);
    for (int j = 0; j < units; j++) {
      double[] z = new double[4];
      for (int g = 0; g < 4; g++) {
        z[g] = fromInput[g * units + j] + fromState[g * units + j];
      }
      gate[0][j] = sigmoid(z[0] + peep(0, j) * cBefore[j]);
      gate[1][j] = sigmoid(z[1] + peep(1, j) * cBefore[j]);
      gate[2][j] = Math.tanh(z[2]);
      c[j] = gate[1][j] * cBefore[j] + gate[0][j] * gate[2][j];
      double seen = peepholes == Peepholes.AFTER ? c[j] : cBefore[j];
      gate[3][j] = sigmoid(z[3] + peep(2, j) * seen);
    }
    return new Step(x, aBefore, cBefore, gate, project(hidden(c, gate[3])), c);
  }

  @Override
  public Back backward(Step s, double[] da, double[] dcIn) {
    double[] dx = new double[inputs];
    double[] dBefore = new double[outputs];
    double[] dcBefore = new double[units];
    double[] dz = new double[4 * units];
    double[] dh = projectBack(da, hidden(s.c(), s.gates()[3]));
    double[] unsquashed = unsquashed(s.c());
    double[] dUnsquashed = new double[units];
    for (int j = 0; j < units; j++) {
      double tanh = Math.tanh(unsquashed[j]);
      dUnsquashed[j] = dh[j] * s.gates()[3][j] * (1 - tanh * tanh);
      if (normalized) {
        gradients[cellBiasAt + j] += dUnsquashed[j];
      }
    }
    double[] dcOut = scaledBack(s.c(), cellGainAt, dUnsquashed);
    for (int j = 0; j < units; j++) {
      double u = s.gates()[0][j];
      double f = s.gates()[1][j];
      double c = s.gates()[2][j];
      double o = s.gates()[3][j];
      double dzo = dh[j] * Math.tanh(unsquashed[j]) * o * (1 - o);
      double dc = dcIn[j] + dcOut[j];
      if (peepholes == Peepholes.AFTER) {
        dc += peep(2, j) * dzo;
      }
      double dzu = dc * c * u * (1 - u);
      double dzf = dc * s.cBefore()[j] * f * (1 - f);
      dcBefore[j] = dc * f + peep(0, j) * dzu + peep(1, j) * dzf;
      if (peepholes == Peepholes.BEFORE) {
        dcBefore[j] += peep(2, j) * dzo;
      }
      dz[j] = dzu;
      dz[units + j] = dzf;
      dz[2 * units + j] = dc * u * (1 - c * c);
      dz[3 * units + j] = dzo;
      if (peepholes != Peepholes.NONE) {
        double seen = peepholes == Peepholes.AFTER ? s.c()[j] : s.cBefore()[j];
        gradients[ownIndex(j)] += dzu * s.cBefore()[j];
        gradients[ownIndex(units + j)] += dzf * s.cBefore()[j];
        gradients[ownIndex(2 * units + j)] += dzo * seen;
      }
    }
    inputBack(dz, s.x(), dx);
    recurrentBack(0, 4, dz, s.aBefore(), dBefore);
    return new Back(dx, dBefore, dcBefore);
  }
}
