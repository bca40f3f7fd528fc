package dev.unroll.interop.onnx.op;

/** The error function, 2/√π ∫₀ˣ exp(-t²) dt, to about 15 digits. */
final class ErrorFunction {

  /** Up to here the series of positive terms is short; beyond it the fraction converges fast. */
  private static final double MIDDLE = 2.5;

  /** From here on the result is 1 in double. */
  private static final double END = 6;

  private static final int FRACTION_DEPTH = 40;

  private ErrorFunction() {}

  static double of(double x) {
    double size = Math.abs(x);
    if (size < MIDDLE) {
      return series(x);
    }
    return Double.isNaN(x) ? x : Math.copySign(size > END ? 1 : 1 - tail(size), x);
  }

  /** 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5···(2n+1)): Abramowitz and Stegun 7.1.6. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
  }

  /** exp(-x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))): 7.1.14. */
  private static double tail(double x) {
    double fraction = x;
    for (int n = FRACTION_DEPTH; n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return StrictMath.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }
}
