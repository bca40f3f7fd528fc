package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Rows;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Functions of two or more tensors, element by element, whose shapes are extended to one. */
final class Binary {

  static final Arithmetic ADD = Arithmetic.of(Double::sum, Long::sum);
  static final Arithmetic SUBTRACT = Arithmetic.of((a, b) -> a - b, (a, b) -> a - b);
  static final Arithmetic MULTIPLY = Arithmetic.of((a, b) -> a * b, (a, b) -> a * b);
  static final Arithmetic MIN =
      new Arithmetic(Math::min, Math::min, (a, b) -> Long.compareUnsigned(a, b) < 0 ? a : b);
  static final Arithmetic MAX =
      new Arithmetic(Math::max, Math::max, (a, b) -> Long.compareUnsigned(a, b) > 0 ? a : b);

  private Binary() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Add", 7, call -> List.of(sum(call.input(0), call.input(1)))),
        new Definition("Sub", 7, pair(SUBTRACT)),
        new Definition("Mul", 7, pair(MULTIPLY)),
        new Definition("Div", 7, pair(Arithmetic.DIVISION)),
        new Definition("Mod", 10, Binary::mod),
        new Definition("Pow", 7, Binary::pow),
        new Definition("PRelu", 7, pair(Arithmetic.of(Binary::prelu, Binary::prelu))),
        new Definition("Min", 6, fold(MIN)),
        new Definition("Max", 6, fold(MAX)),
        new Definition("Sum", 6, fold(ADD)),
        new Definition("Mean", 6, Binary::mean),
        new Definition("Equal", 7, compare(Comparison.EQUAL)),
        new Definition("Less", 7, compare(Comparison.LESS)),
        new Definition("LessOrEqual", 12, compare(Comparison.LESS_OR_EQUAL)),
        new Definition("Greater", 7, compare(Comparison.GREATER)),
        new Definition("GreaterOrEqual", 12, compare(Comparison.GREATER_OR_EQUAL)),
        new Definition("And", 7, logic(Boolean::logicalAnd)),
        new Definition("Or", 7, logic(Boolean::logicalOr)),
        new Definition("Xor", 7, logic(Boolean::logicalXor)),
        new Definition("BitwiseAnd", 18, pair(Arithmetic.whole((a, b) -> a & b))),
        new Definition("BitwiseOr", 18, pair(Arithmetic.whole((a, b) -> a | b))),
        new Definition("BitwiseXor", 18, pair(Arithmetic.whole((a, b) -> a ^ b))),
        new Definition("BitShift", 11, Binary::shift));
  }

  private static Operator pair(Arithmetic function) {
    return call -> List.of(function.apply(call.input(0), call.input(1)));
  }

  /**
   * The sum. Floats that are added to all rows of others, such as a bias, or are of the same shape,
   * run on the kernel.
   */
  static Tensor sum(Tensor a, Tensor b) {
    if (a.size() < b.size()) {
      return sum(b, a);
    }
    if (a.type() != ElementType.FLOAT || b.type() != a.type() || !isEndOf(b.shape(), a.shape())) {
      return ADD.apply(a, b);
    }
    float[] row = (float[]) b.elements();
    float[] out = a.floats();
    for (int at = 0; at < out.length; at += row.length) {
      Rows.add(row, 0, out, at, row.length);
    }
    return Tensor.adopt(ElementType.FLOAT, a.shape(), out);
  }

  private static boolean isEndOf(Shape row, Shape shape) {
    int before = shape.rank() - row.rank();
    return before >= 0 && shape.axes().subList(before, shape.rank()).equals(row.axes());
  }

  /** A function of all inputs, from the first to the last. */
  private static Operator fold(Arithmetic function) {
    return call -> List.of(foldAll(call, function));
  }

  private static Tensor foldAll(Call call, Arithmetic function) {
    Tensor result = call.input(0);
    for (int i = 1; i < call.inputs().size(); i++) {
      result = function.apply(result, call.input(i));
    }
    return result;
  }

  private static List<Tensor> mean(Call call) {
    int count = call.inputs().size();
    DoubleUnaryOperator divided = x -> x / count;
    return List.of(Unary.map(foldAll(call, ADD), divided));
  }

  private static Operator compare(Comparison comparison) {
    return call -> List.of(comparison.apply(call.input(0), call.input(1)));
  }

  private static Operator logic(BinaryOperator<Boolean> function) {
    return call -> List.of(Comparison.logic(call.input(0), call.input(1), function));
  }

  private static double prelu(double x, double slope) {
    return x < 0 ? x * slope : x;
  }

  private static long prelu(long x, long slope) {
    return x < 0 ? x * slope : x;
  }

  /** With {@code fmod} the sign of the dividend, as in C; without it that of the divisor. */
  private static List<Tensor> mod(Call call) {
    boolean likeC = call.attributes().number("fmod", 0) != 0;
    Tensor x = call.input(0);
    if (!likeC && !x.type().isInteger()) {
      throw new IllegalArgumentException("for " + x.type().label() + " fmod must be 1");
    }
    Arithmetic function = likeC ? Arithmetic.REMAINDER : Arithmetic.MODULUS;
    return List.of(function.apply(x, call.input(1)));
  }

  /** Base and exponent may be of different types; the result is of the base's. */
  private static List<Tensor> pow(Call call) {
    Tensor base = call.input(0);
    Tensor exponent = call.input(1);
    if (base.type().isInteger() && exponent.type().isInteger()) {
      Tensor same = Tensor.adopt(base.type(), exponent.shape(), exponent.elements());
      return List.of(Arithmetic.POWER.apply(base, same));
    }
    Tensor result = Arithmetic.ofReals(StrictMath::pow).apply(real(base), real(exponent));
    return List.of(Casts.cast(result, base.type()));
  }

  private static Tensor real(Tensor x) {
    return Tensor.adopt(ElementType.DOUBLE, x.shape(), x.doubles());
  }

  private static List<Tensor> shift(Call call) {
    String direction = call.attributes().text("direction", "");
    Arithmetic function =
        switch (direction) {
          case "LEFT" -> Arithmetic.whole((a, b) -> inRange(b) ? a << b : 0);
          case "RIGHT" -> Arithmetic.whole((a, b) -> inRange(b) ? a >>> b : 0);
          default -> throw new IllegalArgumentException("direction is " + direction);
        };
    return List.of(function.apply(call.input(0), call.input(1)));
  }

  private static boolean inRange(long shift) {
    return shift >= 0 && shift < Long.SIZE;
  }
}
