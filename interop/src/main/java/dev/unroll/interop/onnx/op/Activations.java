package dev.unroll.interop.onnx.op;

import dev.unroll.interop.onnx.graph.Attributes;
import java.util.function.DoubleUnaryOperator;

/** The activation functions of neural networks, with the parameters that a node gives them. */
final class Activations {

  /** Parameters of {@code Selu} where a node gives none: the specification's floats. */
  private static final float SELU_ALPHA = 1.6732632f;

  private static final float SELU_GAMMA = 1.050701f;

  /** From here on √(x² ± 1) is x in double. */
  private static final double LARGE = 0x1p28;

  private static final double LOG_OF_2 = StrictMath.log(2);

  private Activations() {}

  /** Keeps NaN, as Math.max does. */
  static double relu(double x) {
    return Math.max(0, x);
  }

  /** log(x + √(x² + 1)), without loss near 0. */
  static double asinh(double x) {
    double size = Math.abs(x);
    double square = size * size;
    double value =
        size > LARGE
            ? StrictMath.log(size) + LOG_OF_2
            : StrictMath.log1p(size + square / (1 + Math.sqrt(square + 1)));
    return Math.copySign(value, x);
  }

  /** log(x + √(x² - 1)). */
  static double acosh(double x) {
    return x > LARGE ? StrictMath.log(x) + LOG_OF_2 : StrictMath.log(x + Math.sqrt(x * x - 1));
  }

  /** ½ log((1 + x) / (1 - x)). */
  static double atanh(double x) {
    return 0.5 * StrictMath.log1p(2 * x / (1 - x));
  }

  static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** log(1 + eˣ), which for large x is x. */
  static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  static DoubleUnaryOperator leakyRelu(Attributes attributes) {
    float alpha = attributes.real("alpha", 0.01f);
    return x -> x < 0 ? alpha * x : x;
  }

  static DoubleUnaryOperator thresholdedRelu(Attributes attributes) {
    float alpha = attributes.real("alpha", 1);
    return x -> x > alpha ? x : 0;
  }

  static DoubleUnaryOperator elu(Attributes attributes) {
    float alpha = attributes.real("alpha", 1);
    return x -> x < 0 ? alpha * StrictMath.expm1(x) : x;
  }

  static DoubleUnaryOperator selu(Attributes attributes) {
    float alpha = attributes.real("alpha", SELU_ALPHA);
    float gamma = attributes.real("gamma", SELU_GAMMA);
    return x -> gamma * (x > 0 ? x : alpha * StrictMath.expm1(x));
  }

  static DoubleUnaryOperator celu(Attributes attributes) {
    float alpha = attributes.real("alpha", 1);
    return x -> Math.max(0, x) + Math.min(0, alpha * StrictMath.expm1(x / alpha));
  }

  static DoubleUnaryOperator hardSigmoid(Attributes attributes) {
    float alpha = attributes.real("alpha", 0.2f);
    float beta = attributes.real("beta", 0.5f);
    return x -> Math.max(0, Math.min(1, alpha * x + beta));
  }

  static DoubleUnaryOperator swish(Attributes attributes) {
    float alpha = attributes.real("alpha", 1);
    return x -> x * sigmoid(alpha * x);
  }

  static DoubleUnaryOperator shrink(Attributes attributes) {
    float bias = attributes.real("bias", 0);
    float lambda = attributes.real("lambd", 0.5f);
    return x -> x < -lambda ? x + bias : x > lambda ? x - bias : 0;
  }

  static DoubleUnaryOperator gelu(Attributes attributes) {
    String approximation = attributes.text("approximate", "none");
    return switch (approximation) {
      case "none" -> x -> 0.5 * x * (1 + ErrorFunction.of(x / Math.sqrt(2)));
      case "tanh" -> {
        double factor = Math.sqrt(2 / Math.PI);
        yield x -> 0.5 * x * (1 + StrictMath.tanh(factor * (x + 0.044715 * x * x * x)));
      }
      default -> throw new IllegalArgumentException("approximate is " + approximation);
    };
  }
}
