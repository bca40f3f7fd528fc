package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * exp, tanh, sigmoid and log over every float where they are not flat, and over every 97th of the
 * others: the vector form has the bits of the scalar one, and the error keeps the bound that {@link
 * Functions} states.
 */
class FunctionsTest {

  private static final int BLOCK = 1 << 16;

  interface Form {
    void apply(float[] x, float[] y, int from, int count);
  }

  interface Scalar {
    float apply(float x);
  }

  @Test
  void expKeepsItsBoundOverEveryFloat() {
    // Outside (-104, 89) the result is known: 0 below, infinity above.
    check(Functions::exp, Functions::exp, Math::exp, Functions.EXP_ULP, -104.5f, 89.5f, 1e-9f);
  }

  @Test
  void tanhKeepsItsBoundOverEveryFloat() {
    check(Functions::tanh, Functions::tanh, Math::tanh, Functions.TANH_ULP, -9.1f, 9.1f, 1e-5f);
  }

  @Test
  void sigmoidKeepsItsBoundOverEveryFloat() {
    check(
        Functions::sigmoid,
        Functions::sigmoid,
        x -> x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)),
        Functions.SIGMOID_ULP,
        -104.5f,
        20f,
        1e-9f);
  }

  @Test
  void logKeepsItsBoundOverEveryNormalFloatAboveZero() {
    var worst =
        worst(
            Functions::log,
            ScalarFunctions::log,
            Math::log,
            new Range(0x0080, 0x7f80, 0.5f, 2f, 0));
    assertThat(worst).isBetween(Functions.LOG_ULP / 3, Functions.LOG_ULP);
    float[] special = {Float.NaN, 1f};
    Functions.log(special, special, 0, 2);
    assertThat(special).containsExactly(Float.NaN, 0f);
  }

  /**
   * Floats.
   *
   * @param first the upper half of their first bits
   * @param end that after the last
   * @param low from here to {@code high} the function is not flat, except next to 0
   */
  private record Range(int first, int end, float low, float high, float tiny) {

    /** Returns whether the function is flat in all of a block, which lies on one side of 0. */
    boolean isFlatFrom(int start) {
      return isFlat(Float.intBitsToFloat(start)) && isFlat(Float.intBitsToFloat(start + BLOCK - 1));
    }

    private boolean isFlat(float x) {
      return !(x > low && x < high) || Math.abs(x) < tiny;
    }
  }

  private static void check(
      Form form,
      Scalar scalar,
      DoubleUnaryOperator exact,
      double bound,
      float low,
      float high,
      float tiny) {
    double worst = worst(form, scalar, exact, new Range(0, 1 << 16, low, high, tiny));
    assertThat(worst).isLessThanOrEqualTo(bound);
    assertThat(worst).as("a bound far above the error says nothing").isGreaterThan(bound / 3);
  }

  private static double worst(Form form, Scalar scalar, DoubleUnaryOperator exact, Range range) {
    double[] worst = new double[1];
    try (var workers = new Workers(Runtime.getRuntime().availableProcessors())) {
      workers.run(
          range.end - range.first,
          16,
          (from, to) -> {
            float[] x = new float[BLOCK];
            float[] y = new float[BLOCK];
            double error = 0;
            for (int block = range.first + from; block < range.first + to; block++) {
              int start = block << 16;
              int step = range.isFlatFrom(start) ? 97 : 1;
              int count = BLOCK / step;
              for (int i = 0; i < count; i++) {
                x[i] = Float.intBitsToFloat(start + i * step);
              }
              form.apply(x, y, 0, count);
              for (int i = 0; i < count; i++) {
                if (!same(y[i], scalar.apply(x[i]))) {
                  throw new AssertionError("twins differ at " + x[i]);
                }
                error = Math.max(error, ulps(y[i], exact.applyAsDouble(x[i])));
              }
            }
            synchronized (worst) {
              worst[0] = Math.max(worst[0], error);
            }
          });
    }
    return worst[0];
  }

  private static boolean same(float a, float b) {
    return Float.floatToIntBits(a) == Float.floatToIntBits(b);
  }

  private static double ulps(float value, double exact) {
    if (Double.isNaN(exact)) {
      return Float.isNaN(value) ? 0 : Double.POSITIVE_INFINITY;
    }
    float rounded = (float) exact;
    if (Float.isInfinite(rounded)) {
      return value == rounded ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(value - exact) / Math.ulp(rounded);
  }

  @Test
  void specialValues() {
    assertThat(Functions.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(Functions.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Functions.exp(0f)).isEqualTo(1f);
    assertThat(Functions.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Functions.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
    assertThat(Float.floatToRawIntBits(Functions.tanh(-0f))).isEqualTo(0x8000_0000);
    assertThat(Functions.sigmoid(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(Functions.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Functions.sigmoid(0f)).isEqualTo(0.5f);
    assertThat(Functions.exp(Float.NaN)).isNaN();
    assertThat(Functions.tanh(Float.NaN)).isNaN();
    assertThat(Functions.sigmoid(Float.NaN)).isNaN();
  }
}
