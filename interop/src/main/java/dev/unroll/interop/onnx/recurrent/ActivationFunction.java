package dev.unroll.interop.onnx.recurrent;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The functions that gates and states of a recurrent operator may go through. */
enum ActivationFunction {
  /** {@code max(0, x)}. */
  RELU("Relu"),
  /** {@code tanh x}. */
  TANH("Tanh"),
  /** {@code 1 / (1 + e⁻ˣ)}. */
  SIGMOID("Sigmoid"),
  /** {@code αx + β}. */
  AFFINE("Affine", 1f, 0f),
  /** {@code x} from 0 on, else {@code αx}. */
  LEAKY_RELU("LeakyRelu", 0.01f, Float.NaN),
  /** {@code x} above α, else 0. */
  THRESHOLDED_RELU("ThresholdedRelu", 1f, Float.NaN),
  /** {@code α tanh(βx)}. The specification has no default for either. */
  SCALED_TANH("ScaledTanh", Float.NaN, Float.NaN),
  /** {@code αx + β}, cut to 0 … 1. */
  HARD_SIGMOID("HardSigmoid", 0.2f, 0.5f),
  /** {@code x} from 0 on, else {@code α(eˣ - 1)}. */
  ELU("Elu", 1f, Float.NaN),
  /** {@code x / (1 + |x|)}. */
  SOFTSIGN("Softsign"),
  /** {@code ln(1 + eˣ)}. */
  SOFTPLUS("Softplus");

  private final String label;
  private final float alpha;
  private final float beta;

  ActivationFunction(String label) {
    this(label, Float.NaN, Float.NaN);
  }

  ActivationFunction(String label, float alpha, float beta) {
    this.label = label;
    this.alpha = alpha;
    this.beta = beta;
  }

  /**
   * The function of a name; case does not matter.
   *
   * @throws IllegalArgumentException if there is none
   */
  static ActivationFunction of(String name) {
    for (ActivationFunction each : values()) {
      if (each.label.equalsIgnoreCase(name)) {
        return each;
      }
    }
    String known =
        Arrays.stream(values()).map(each -> each.label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "there is no activation \"" + name + "\"; ONNX has " + known);
  }

  /** The name in the specification. */
  String label() {
    return label;
  }

  /** Whether the function reads {@code activation_alpha}. */
  boolean hasAlpha() {
    return switch (this) {
      case AFFINE, LEAKY_RELU, THRESHOLDED_RELU, SCALED_TANH, HARD_SIGMOID, ELU -> true;
      default -> false;
    };
  }

  /** Whether the function reads {@code activation_beta}. */
  boolean hasBeta() {
    return switch (this) {
      case AFFINE, SCALED_TANH, HARD_SIGMOID -> true;
      default -> false;
    };
  }

  /** α where the node gives none; NaN where there is no default. */
  float alpha() {
    return alpha;
  }

  /** β where the node gives none; NaN where there is no default. */
  float beta() {
    return beta;
  }

  /** The value at {@code x}, by {@link StrictMath} so that all machines agree. */
  double apply(double x, double a, double b) {
    return switch (this) {
      case RELU -> Math.max(0, x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case AFFINE -> a * x + b;
      case LEAKY_RELU -> x >= 0 ? x : a * x;
      case THRESHOLDED_RELU -> x > a ? x : 0;
      case SCALED_TANH -> a * StrictMath.tanh(b * x);
      case HARD_SIGMOID -> Math.max(0, Math.min(1, a * x + b));
      case ELU -> x >= 0 ? x : a * StrictMath.expm1(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SOFTPLUS -> Math.max(0, x) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    };
  }
}
