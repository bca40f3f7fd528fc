package dev.unroll.nn;

/**
 * A recurrent cell in double precision, one step of one sequence at a time, written straight from
 * the equations. Parameters and gradients are flat arrays in the engine's layout: Wx [G·H][I], Wa
 * [G·H][H], b [G·H], then the cell's own.
 */
abstract class ReferenceCell {

  final int inputs;
  final int units;
  final int gates;
  final double[] parameters;
  final double[] gradients;

  ReferenceCell(int inputs, int units, int gates, int own) {
    this.inputs = inputs;
    this.units = units;
    this.gates = gates;
    int size = gates * units * (inputs + units + 1) + own;
    parameters = new double[size];
    gradients = new double[size];
  }

  /** All that a step computed; {@code c} is empty for cells without a memory cell. */
  record Step(
      double[] x, double[] aBefore, double[] cBefore, double[][] gates, double[] a, double[] c) {}

  /** Gradients that a step hands back. */
  record Back(double[] dx, double[] da, double[] dc) {}

  abstract Step forward(double[] x, double[] aBefore, double[] cBefore);

  abstract Back backward(Step step, double[] da, double[] dc);

  double wx(int gate, int j, int i) {
    return parameters[(gate * units + j) * inputs + i];
  }

  int waIndex(int gate, int j, int k) {
    return gates * units * inputs + (gate * units + j) * units + k;
  }

  int biasIndex(int gate, int j) {
    return gates * units * (inputs + units) + gate * units + j;
  }

  int ownIndex(int i) {
    return gates * units * (inputs + units + 1) + i;
  }

  /** Wx x + b, of unit j of a gate. */
  double inputShare(int gate, int j, double[] x) {
    double z = parameters[biasIndex(gate, j)];
    for (int i = 0; i < inputs; i++) {
      z += wx(gate, j, i) * x[i];
    }
    return z;
  }

  /** Wa state, of unit j of a gate. */
  double recurrentShare(int gate, int j, double[] state) {
    double z = 0;
    for (int k = 0; k < units; k++) {
      z += parameters[waIndex(gate, j, k)] * state[k];
    }
    return z;
  }

  /** dWx += dz xᵀ, db += dz, dx += Wxᵀ dz. */
  void inputBack(int gate, int j, double dz, double[] x, double[] dx) {
    gradients[biasIndex(gate, j)] += dz;
    for (int i = 0; i < inputs; i++) {
      gradients[(gate * units + j) * inputs + i] += dz * x[i];
      dx[i] += wx(gate, j, i) * dz;
    }
  }

  /** dWa += dz stateᵀ, dstate += Waᵀ dz. */
  void recurrentBack(int gate, int j, double dz, double[] state, double[] dState) {
    for (int k = 0; k < units; k++) {
      gradients[waIndex(gate, j, k)] += dz * state[k];
      dState[k] += parameters[waIndex(gate, j, k)] * dz;
    }
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
