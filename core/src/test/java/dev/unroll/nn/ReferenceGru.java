package dev.unroll.nn;

/** The GRU in its three forms; gates in the order u, c or u, r, c. */
final class ReferenceGru extends ReferenceCell {

  enum Form {
    SIMPLIFIED,
    RESET_BEFORE,
    RESET_AFTER
  }

  private final Form form;
  private final int candidate;

  ReferenceGru(int inputs, int units, Form form) {
    super(inputs, units, form == Form.SIMPLIFIED ? 2 : 3, form == Form.RESET_AFTER ? units : 0);
    this.form = form;
    this.candidate = gates - 1;
  }

  @Override
  Step forward(double[] x, double[] aBefore, double[] cBefore) {
    double[] u = new double[units];
    double[] r = new double[units];
    double[] inner = new double[units];
    double[] c = new double[units];
    double[] a = new double[units];
    for (int j = 0; j < units; j++) {
      u[j] = sigmoid(inputShare(0, j, x) + recurrentShare(0, j, aBefore));
      if (form != Form.SIMPLIFIED) {
        r[j] = sigmoid(inputShare(1, j, x) + recurrentShare(1, j, aBefore));
      }
      inner[j] =
          switch (form) {
            case SIMPLIFIED -> aBefore[j];
            case RESET_BEFORE -> r[j] * aBefore[j];
            case RESET_AFTER -> recurrentShare(candidate, j, aBefore) + parameters[ownIndex(j)];
          };
    }
    for (int j = 0; j < units; j++) {
      double recurrent =
          form == Form.RESET_AFTER ? r[j] * inner[j] : recurrentShare(candidate, j, inner);
      c[j] = Math.tanh(inputShare(candidate, j, x) + recurrent);
      a[j] = u[j] * c[j] + (1 - u[j]) * aBefore[j];
    }
    return new Step(x, aBefore, cBefore, new double[][] {u, r, inner, c}, a, new double[0]);
  }

  @Override
  Back backward(Step s, double[] da, double[] dc) {
    double[] u = s.gates()[0];
    double[] r = s.gates()[1];
    double[] inner = s.gates()[2];
    double[] c = s.gates()[3];
    double[] dx = new double[inputs];
    double[] dBefore = new double[units];
    double[] dInner = new double[units];
    double[] dzr = new double[units];
    for (int j = 0; j < units; j++) {
      double dzc = da[j] * u[j] * (1 - c[j] * c[j]);
      double dzu = da[j] * (c[j] - s.aBefore()[j]) * u[j] * (1 - u[j]);
      dBefore[j] += da[j] * (1 - u[j]);
      inputBack(0, j, dzu, s.x(), dx);
      recurrentBack(0, j, dzu, s.aBefore(), dBefore);
      inputBack(candidate, j, dzc, s.x(), dx);
      switch (form) {
        case SIMPLIFIED -> recurrentBack(candidate, j, dzc, s.aBefore(), dBefore);
        case RESET_BEFORE -> recurrentBack(candidate, j, dzc, inner, dInner);
        case RESET_AFTER -> {
          recurrentBack(candidate, j, dzc * r[j], s.aBefore(), dBefore);
          gradients[ownIndex(j)] += dzc * r[j];
          dzr[j] = dzc * inner[j] * r[j] * (1 - r[j]);
        }
      }
    }
    for (int j = 0; j < units && form != Form.SIMPLIFIED; j++) {
      if (form == Form.RESET_BEFORE) {
        dzr[j] = dInner[j] * s.aBefore()[j] * r[j] * (1 - r[j]);
        dBefore[j] += dInner[j] * r[j];
      }
      inputBack(1, j, dzr[j], s.x(), dx);
      recurrentBack(1, j, dzr[j], s.aBefore(), dBefore);
    }
    return new Back(dx, dBefore, new double[0]);
  }
}
