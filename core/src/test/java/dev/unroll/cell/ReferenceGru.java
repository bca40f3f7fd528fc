package dev.unroll.cell;

import java.util.Arrays;

/** The GRU in its three forms; gates in the order u, c or u, r, c. */
class ReferenceGru extends ReferenceCell {

  enum Form {
    SIMPLIFIED,
    RESET_BEFORE,
    RESET_AFTER
  }

  private final Form form;
  private final int candidate;

  ReferenceGru(Sizes sizes, Form form) {
    super(
        sizes,
        form == Form.SIMPLIFIED ? 2 : 3,
        form == Form.RESET_AFTER ? sizes.units() : 0,
        false);
    this.form = form;
    this.candidate = gates - 1;
  }

  @Override
  public Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[] u = new double[units];
    double[] r = new double[units];
    double[] inner = new double[units];
    double[] c = new double[units];
    double[] a = new double[units];
    double[] z = inputShares(x);
    addTo(z, 0, recurrentShares(0, 2, aBefore));
    for (int j = 0; j < units; j++) {
      u[j] = sigmoid(z[j]);
      r[j] = form == Form.SIMPLIFIED ? 0 : sigmoid(z[units + j]);
    }
    switch (form) {
      case SIMPLIFIED -> {}
      case RESET_BEFORE -> {
        for (int j = 0; j < units; j++) {
          inner[j] = r[j] * aBefore[j];
        }
        addTo(z, candidate, recurrentShares(candidate, 1, inner));
      }
      case RESET_AFTER -> {
        double[] product = recurrentShares(candidate, 1, aBefore);
        double[] share = new double[units];
        for (int j = 0; j < units; j++) {
          inner[j] = product[j] + parameters[ownIndex(j)];
          share[j] = r[j] * inner[j];
        }
        addTo(z, candidate, share);
      }
    }
    for (int j = 0; j < units; j++) {
      c[j] = Math.tanh(z[candidate * units + j]);
      a[j] = u[j] * c[j] + (1 - u[j]) * aBefore[j];
    }
    return new Step(x, aBefore, cBefore, new double[][] {u, r, inner, c}, a, new double[0]);
  }

  /** Adds to the pre-activations of the gates from {@code gate} on. */
  private void addTo(double[] z, int gate, double[] share) {
    for (int i = 0; i < share.length; i++) {
      z[gate * units + i] += share[i];
    }
  }

  @Override
  public Back backward(Step s, double[] da, double[] dc) {
    double[] u = s.gates()[0];
    double[] r = s.gates()[1];
    double[] inner = s.gates()[2];
    double[] c = s.gates()[3];
    double[] dx = new double[inputs];
    double[] dBefore = new double[units];
    double[] dz = new double[gates * units];
    double[] dzc = new double[units];
    for (int j = 0; j < units; j++) {
      dzc[j] = da[j] * u[j] * (1 - c[j] * c[j]);
      dz[candidate * units + j] = dzc[j];
      dz[j] = da[j] * (c[j] - s.aBefore()[j]) * u[j] * (1 - u[j]);
      dBefore[j] += da[j] * (1 - u[j]);
    }
    switch (form) {
      case SIMPLIFIED -> {}
      case RESET_BEFORE -> {
        double[] dInner = new double[units];
        recurrentBack(candidate, 1, dzc, inner, dInner);
        for (int j = 0; j < units; j++) {
          dz[units + j] = dInner[j] * s.aBefore()[j] * r[j] * (1 - r[j]);
          dBefore[j] += dInner[j] * r[j];
        }
      }
      case RESET_AFTER -> {
        double[] dInner = new double[units];
        for (int j = 0; j < units; j++) {
          dInner[j] = dzc[j] * r[j];
          gradients[ownIndex(j)] += dInner[j];
          dz[units + j] = dzc[j] * inner[j] * r[j] * (1 - r[j]);
        }
        recurrentBack(candidate, 1, dInner, s.aBefore(), dBefore);
      }
    }
    recurrentBack(0, 2, Arrays.copyOf(dz, 2 * units), s.aBefore(), dBefore);
    inputBack(dz, s.x(), dx);
    return new Back(dx, dBefore, new double[0]);
  }
}
