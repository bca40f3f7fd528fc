package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * A function of two numbers. Floats compute in double and are rounded once, which for +, -, ·, / is
 * what float arithmetic gives; integers wrap around.
 *
 * @param whole for integers whose sign is known
 * @param unsigned for unsigned integers of 64 bits
 */
record Arithmetic(
    DoubleBinaryOperator real, LongBinaryOperator whole, LongBinaryOperator unsigned) {

  /** A quotient; that of integers is cut off toward 0. */
  static final Arithmetic DIVISION =
      new Arithmetic(
          (a, b) -> a / b, (a, b) -> a / notZero(b), (a, b) -> Long.divideUnsigned(a, notZero(b)));

  /** What is left after division, with the sign of the dividend. */
  static final Arithmetic REMAINDER =
      new Arithmetic(
          (a, b) -> a % b,
          (a, b) -> a % notZero(b),
          (a, b) -> Long.remainderUnsigned(a, notZero(b)));

  /** What is left after division, with the sign of the divisor. */
  static final Arithmetic MODULUS =
      new Arithmetic(REMAINDER.real, (a, b) -> Math.floorMod(a, notZero(b)), REMAINDER.unsigned);

  /** Powers of integers. */
  static final Arithmetic POWER = of(StrictMath::pow, Arithmetic::power);

  static Arithmetic of(DoubleBinaryOperator real, LongBinaryOperator whole) {
    return new Arithmetic(real, whole, whole);
  }

  static Arithmetic whole(LongBinaryOperator whole) {
    return of(
        (a, b) -> {
          throw new IllegalArgumentException("it is defined for integers only");
        },
        whole);
  }

  static Arithmetic ofReals(DoubleBinaryOperator real) {
    return of(
        real,
        (a, b) -> {
          throw new IllegalArgumentException("it is not defined for integers");
        });
  }

  /** The function of integers of a type. */
  LongBinaryOperator of(ElementType type) {
    return type == ElementType.UINT64 ? unsigned : whole;
  }

  private static long notZero(long divisor) {
    if (divisor == 0) {
      throw new IllegalArgumentException("an integer is divided by 0");
    }
    return divisor;
  }

  /** By repeated squaring, with the exponent's bits from the lowest on. */
  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return (long) StrictMath.pow((double) base, (double) exponent);
    }
    long result = 1;
    long square = base;
    for (long bits = exponent; bits > 0; bits >>= 1) {
      if ((bits & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  /**
   * The function of all pairs of elements.
   *
   * @throws IllegalArgumentException if the shapes or types do not fit
   */
  Tensor apply(Tensor a, Tensor b) {
    if (a.type() != b.type()) {
      throw new IllegalArgumentException(
          "the types differ: " + a.type().label() + " and " + b.type().label());
    }
    ElementType type = a.type();
    Shape shape = Axes.broadcast(List.of(a.shape(), b.shape()));
    var walk = new RowWalk(shape, Axes.strides(a.shape(), shape), Axes.strides(b.shape(), shape));
    Object out = Elements.create(type, shape);
    for (; walk.hasRow(); walk.next()) {
      if (out instanceof float[] z) {
        row(type, (float[]) a.elements(), (float[]) b.elements(), z, walk);
      } else if (out instanceof double[] z) {
        row((double[]) a.elements(), (double[]) b.elements(), z, walk);
      } else if (out instanceof long[] z) {
        row(type, (long[]) a.elements(), (long[]) b.elements(), z, walk);
      } else {
        throw Elements.unfit(type);
      }
    }
    return Tensor.adopt(type, shape, out);
  }

  /** Makes an element of an array the function of itself and of an element of another array. */
  void combine(ElementType type, Object to, int target, Object from, int at) {
    if (to instanceof float[] z) {
      z[target] = Elements.round(type, real.applyAsDouble(z[target], ((float[]) from)[at]));
    } else if (to instanceof double[] z) {
      z[target] = real.applyAsDouble(z[target], ((double[]) from)[at]);
    } else if (to instanceof long[] z) {
      z[target] = Elements.wrap(type, of(type).applyAsLong(z[target], ((long[]) from)[at]));
    } else {
      throw Elements.unfit(type);
    }
  }

  private void row(ElementType type, float[] x, float[] y, float[] z, RowWalk walk) {
    int at = walk.start(0);
    int with = walk.start(1);
    for (int i = walk.target(); i < walk.target() + walk.length(); i++) {
      z[i] = Elements.round(type, real.applyAsDouble(x[at], y[with]));
      at += walk.step(0);
      with += walk.step(1);
    }
  }

  private void row(double[] x, double[] y, double[] z, RowWalk walk) {
    int at = walk.start(0);
    int with = walk.start(1);
    for (int i = walk.target(); i < walk.target() + walk.length(); i++) {
      z[i] = real.applyAsDouble(x[at], y[with]);
      at += walk.step(0);
      with += walk.step(1);
    }
  }

  private void row(ElementType type, long[] x, long[] y, long[] z, RowWalk walk) {
    LongBinaryOperator function = of(type);
    int at = walk.start(0);
    int with = walk.start(1);
    for (int i = walk.target(); i < walk.target() + walk.length(); i++) {
      z[i] = Elements.wrap(type, function.applyAsLong(x[at], y[with]));
      at += walk.step(0);
      with += walk.step(1);
    }
  }
}
