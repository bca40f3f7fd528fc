package dev.unroll.bench.dl4j;

/**
 * The forward pass of one LSTM layer in doubles, in plain loops; gates in the order u, f, c, o.
 *
 * <pre>{@code
 * z = Wx x⟨t⟩ + Wa a⟨t-1⟩ + b     c⟨t⟩ = σ(zf) c⟨t-1⟩ + σ(zu) tanh(zc)     a⟨t⟩ = σ(zo) tanh(c⟨t⟩)
 * }</pre>
 *
 * @param units H, of the inputs too
 * @param input Wx, [4·H][H]
 * @param recurrent Wa, [4·H][H]
 * @param bias b, [4·H]
 */
record ReferenceLstm(int units, double[] input, double[] recurrent, double[] bias) {

  /** Returns a of all steps, [T][B][H], from x, [T][B][H], and zero states. */
  double[] forward(double[] x, int batch) {
    double[] a = new double[x.length];
    double[] c = new double[x.length];
    int step = batch * units;
    for (int i = 0; i < x.length; i++) {
      int row = i - i % units;
      int unit = i % units;
      double before = i < step ? 0 : c[i - step];
      double u = sigmoid(z(x, a, row, unit, batch));
      double f = sigmoid(z(x, a, row, units + unit, batch));
      double candidate = Math.tanh(z(x, a, row, 2 * units + unit, batch));
      double o = sigmoid(z(x, a, row, 3 * units + unit, batch));
      c[i] = f * before + u * candidate;
      a[i] = o * Math.tanh(c[i]);
    }
    return a;
  }

  private double z(double[] x, double[] a, int row, int gate, int batch) {
    int before = row - batch * units;
    double sum = bias[gate];
    for (int j = 0; j < units; j++) {
      sum += input[gate * units + j] * x[row + j];
      sum += before < 0 ? 0 : recurrent[gate * units + j] * a[before + j];
    }
    return sum;
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
