package dev.unroll.network;

/**
 * Quantiles of the standard normal distribution, by Wichura's algorithm AS 241 (1988), PPND7:
 * relative error about 1e-7.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the published decimals
final class NormalQuantile {

  private static final double[] MIDDLE = {
    3.3871327179, 50.434271938, 159.29113202, 59.109374720,
  };
  private static final double[] UNDER_MIDDLE = {1, 17.895169469, 78.757757664, 67.187563600};
  private static final double[] NEAR = {1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103};
  private static final double[] UNDER_NEAR = {1, 0.73700164250, 0.12021132975};
  private static final double[] FAR = {6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997};
  private static final double[] UNDER_FAR = {1, 0.24197894225, 0.012258202635};

  private NormalQuantile() {}

  /** Returns the number below which a standard normal one lies with probability {@code level}. */
  static double of(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("a quantile of " + level);
    }
    double q = level - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q * polynomial(MIDDLE, r) / polynomial(UNDER_MIDDLE, r);
    }
    double r = StrictMath.sqrt(-StrictMath.log(Math.min(level, 1 - level)));
    double z =
        r <= 5
            ? polynomial(NEAR, r - 1.6) / polynomial(UNDER_NEAR, r - 1.6)
            : polynomial(FAR, r - 5) / polynomial(UNDER_FAR, r - 5);
    return Math.copySign(z, q);
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * x + coefficients[i];
    }
    return sum;
  }
}
