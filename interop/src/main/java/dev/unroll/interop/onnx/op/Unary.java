package dev.unroll.interop.onnx.op;

import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Functions;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/**
 * Functions of each element. Those of real numbers compute in double, with {@link StrictMath} so
 * that all machines agree, and are rounded once to the type of the elements; those of which there
 * is a kernel for floats compute in float.
 */
final class Unary {

  private Unary() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Abs", 6, number(Math::abs, Math::abs)),
        new Definition("Neg", 6, number(x -> -x, x -> -x)),
        new Definition("Sign", 9, number(Math::signum, Long::signum)),
        new Definition("Relu", 6, number(Activations::relu, x -> Math.max(0, x))),
        new Definition("Floor", 6, real(StrictMath::floor)),
        new Definition("Ceil", 6, real(StrictMath::ceil)),
        new Definition("Round", 11, real(StrictMath::rint)),
        new Definition("Sqrt", 6, real(StrictMath::sqrt)),
        new Definition("Reciprocal", 6, real(x -> 1 / x)),
        new Definition("Exp", 6, real(Functions::exp, StrictMath::exp)),
        new Definition("Log", 6, real(StrictMath::log)),
        new Definition("Sin", 7, real(StrictMath::sin)),
        new Definition("Cos", 7, real(StrictMath::cos)),
        new Definition("Tan", 7, real(StrictMath::tan)),
        new Definition("Asin", 7, real(StrictMath::asin)),
        new Definition("Acos", 7, real(StrictMath::acos)),
        new Definition("Atan", 7, real(StrictMath::atan)),
        new Definition("Sinh", 9, real(StrictMath::sinh)),
        new Definition("Cosh", 9, real(StrictMath::cosh)),
        new Definition("Asinh", 9, real(Activations::asinh)),
        new Definition("Acosh", 9, real(Activations::acosh)),
        new Definition("Atanh", 9, real(Activations::atanh)),
        new Definition("Erf", 9, real(ErrorFunction::of)),
        new Definition("Tanh", 6, real(Functions::tanh, StrictMath::tanh)),
        new Definition("Sigmoid", 6, real(Functions::sigmoid, Activations::sigmoid)),
        new Definition("Softplus", 1, real(Activations::softplus)),
        new Definition("Softsign", 1, real(x -> x / (1 + Math.abs(x)))),
        new Definition("HardSwish", 14, real(x -> x * Math.clamp(x / 6 + 0.5, 0, 1))),
        new Definition("Mish", 18, real(x -> x * StrictMath.tanh(Activations.softplus(x)))),
        new Definition("LeakyRelu", 6, by(Activations::leakyRelu)),
        new Definition("ThresholdedRelu", 10, by(Activations::thresholdedRelu)),
        new Definition("Elu", 6, by(Activations::elu)),
        new Definition("Selu", 6, by(Activations::selu)),
        new Definition("Celu", 12, by(Activations::celu)),
        new Definition("HardSigmoid", 6, by(Activations::hardSigmoid)),
        new Definition("Gelu", 20, by(Activations::gelu)),
        new Definition("Swish", 24, by(Activations::swish)),
        new Definition("Shrink", 9, by(Activations::shrink)),
        new Definition("IsNaN", 9, call -> List.of(test(call.input(0), Double::isNaN))),
        new Definition("IsInf", 10, Unary::isInfinite),
        new Definition("Not", 1, Unary::not),
        new Definition("BitwiseNot", 18, number(Unary::onlyIntegers, x -> ~x)));
  }

  private static Operator real(DoubleUnaryOperator function) {
    return call -> List.of(map(call.input(0), function));
  }

  /** A function of which there is a kernel for floats. */
  private static Operator real(Kernel kernel, DoubleUnaryOperator function) {
    return call -> {
      Tensor x = call.input(0);
      if (x.type() != ElementType.FLOAT) {
        return List.of(map(x, function));
      }
      float[] out = Elements.floats(x.shape());
      kernel.apply((float[]) x.elements(), out, 0, out.length);
      return List.of(Tensor.adopt(ElementType.FLOAT, x.shape(), out));
    };
  }

  /** Writes the function of {@code count} elements, from {@code from} on, to y. */
  @FunctionalInterface
  private interface Kernel {
    void apply(float[] x, float[] y, int from, int count);
  }

  private static double onlyIntegers(double x) {
    throw new IllegalArgumentException("it is defined for integers only");
  }

  /** A function that attributes choose. */
  private static Operator by(Function<Attributes, DoubleUnaryOperator> choice) {
    return call -> List.of(map(call.input(0), choice.apply(call.attributes())));
  }

  private static Operator number(DoubleUnaryOperator real, LongUnaryOperator whole) {
    return call ->
        List.of(
            call.input(0).type().isInteger()
                ? mapIntegers(call.input(0), whole)
                : map(call.input(0), real));
  }

  /** A function of each element of a floating type. */
  static Tensor map(Tensor x, DoubleUnaryOperator function) {
    ElementType type = x.type();
    if (x.elements() instanceof float[] in) {
      float[] out = Elements.floats(x.shape());
      for (int i = 0; i < out.length; i++) {
        out[i] = Elements.round(type, function.applyAsDouble(in[i]));
      }
      return Tensor.adopt(type, x.shape(), out);
    }
    if (x.elements() instanceof double[] in) {
      double[] out = Elements.doubles(x.shape());
      for (int i = 0; i < out.length; i++) {
        out[i] = function.applyAsDouble(in[i]);
      }
      return Tensor.adopt(type, x.shape(), out);
    }
    throw Elements.unfit(type);
  }

  private static Tensor mapIntegers(Tensor x, LongUnaryOperator function) {
    long[] in = (long[]) x.elements();
    long[] out = Elements.longs(x.shape());
    for (int i = 0; i < out.length; i++) {
      out[i] = Elements.wrap(x.type(), function.applyAsLong(in[i]));
    }
    return Tensor.adopt(x.type(), x.shape(), out);
  }

  private static Tensor test(Tensor x, DoublePredicate condition) {
    if (!x.type().isFloating()) {
      throw Elements.unfit(x.type());
    }
    double[] in = x.doubles();
    boolean[] out = Elements.booleans(x.shape());
    for (int i = 0; i < out.length; i++) {
      out[i] = condition.test(in[i]);
    }
    return Tensor.adopt(ElementType.BOOL, x.shape(), out);
  }

  private static List<Tensor> isInfinite(Call call) {
    boolean negative = call.attributes().number("detect_negative", 1) != 0;
    boolean positive = call.attributes().number("detect_positive", 1) != 0;
    return List.of(test(call.input(0), x -> Double.isInfinite(x) && (x > 0 ? positive : negative)));
  }

  private static List<Tensor> not(Call call) {
    Tensor x = call.input(0);
    if (!(x.elements() instanceof boolean[] in)) {
      throw Elements.unfit(x.type());
    }
    boolean[] out = Elements.booleans(x.shape());
    for (int i = 0; i < out.length; i++) {
      out[i] = !in[i];
    }
    return List.of(Tensor.adopt(ElementType.BOOL, x.shape(), out));
  }
}
