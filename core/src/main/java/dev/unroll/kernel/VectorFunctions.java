package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector twins of {@link ScalarFunctions}: the same operations in the same order on every lane,
 * but for those that cannot change a bit where the argument is known to be small or negative.
 *
 * <p>The polynomial of exp is written out in each loop, with its constants before it. A method of
 * its own would have to be inlined, which the compiler refuses once it has compiled it by itself,
 * and then every vector is an object; constants in fields are loaded anew in each turn (measured:
 * 13 ns for 16 sigmoids against 10).
 */
final class VectorFunctions {

  private static final int SIGN_BIT = 0x8000_0000;

  /** From far below this on, 1 - 2/(eˣ + 1) is 1, and eˣ is a normal float. */
  private static final float TANH_ONE = 30f;

  /** From here on up to 0, eˣ is a normal float. */
  private static final float NORMAL = -86f;

  private VectorFunctions() {}

  static void exp(float[] x, float[] y, int from, int count) {
    expOfDifference(x, from, 0f, y, from, count);
  }

  /** Computes {@code y[to + i] = exp(x[from + i] - shift)}. */
  static void expOfDifference(float[] x, int from, float shift, float[] y, int to, int count) {
    var log2e = FloatVector.broadcast(SPECIES, ScalarFunctions.LOG2_E);
    var round = FloatVector.broadcast(SPECIES, ScalarFunctions.ROUND);
    var minusLn2High = FloatVector.broadcast(SPECIES, -ScalarFunctions.LN2_HIGH);
    var minusLn2Low = FloatVector.broadcast(SPECIES, -ScalarFunctions.LN2_LOW);
    var e7 = FloatVector.broadcast(SPECIES, ScalarFunctions.E7);
    var e6 = FloatVector.broadcast(SPECIES, ScalarFunctions.E6);
    var e5 = FloatVector.broadcast(SPECIES, ScalarFunctions.E5);
    var e4 = FloatVector.broadcast(SPECIES, ScalarFunctions.E4);
    var e3 = FloatVector.broadcast(SPECIES, ScalarFunctions.E3);
    var e2 = FloatVector.broadcast(SPECIES, ScalarFunctions.E2);
    var one = FloatVector.broadcast(SPECIES, 1f);
    var highest = FloatVector.broadcast(SPECIES, ScalarFunctions.EXP_HIGH);
    var lowest = FloatVector.broadcast(SPECIES, ScalarFunctions.EXP_LOW);
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var v = FloatVector.fromArray(SPECIES, x, from + i).sub(shift);
      v = v.blend(highest, v.compare(VectorOperators.GT, highest));
      v = v.blend(lowest, v.compare(VectorOperators.LT, lowest));
      var rounded = v.fma(log2e, round);
      var n = rounded.sub(round);
      var high = n.fma(minusLn2High, v);
      var low = n.mul(minusLn2Low);
      var r = high.add(low);
      var p = e7.fma(r, e6);
      p = p.fma(r, e5);
      p = p.fma(r, e4);
      p = p.fma(r, e3);
      p = p.fma(r, e2);
      var scaled = high.add(p.fma(r.mul(r), low)).add(one);
      var power = rounded.reinterpretAsInts().sub(ScalarFunctions.ROUND_BITS);
      var half = power.lanewise(VectorOperators.ASHR, 1);
      var e = scaled.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
      e.intoArray(y, to + i);
    }
    for (; i < count; i++) {
      y[to + i] = ScalarFunctions.exp(x[from + i] - shift);
    }
  }

  static void tanh(float[] x, int from, float[] y, int to, int count) {
    var log2e = FloatVector.broadcast(SPECIES, ScalarFunctions.LOG2_E);
    var round = FloatVector.broadcast(SPECIES, ScalarFunctions.ROUND);
    var minusLn2High = FloatVector.broadcast(SPECIES, -ScalarFunctions.LN2_HIGH);
    var minusLn2Low = FloatVector.broadcast(SPECIES, -ScalarFunctions.LN2_LOW);
    var e7 = FloatVector.broadcast(SPECIES, ScalarFunctions.E7);
    var e6 = FloatVector.broadcast(SPECIES, ScalarFunctions.E6);
    var e5 = FloatVector.broadcast(SPECIES, ScalarFunctions.E5);
    var e4 = FloatVector.broadcast(SPECIES, ScalarFunctions.E4);
    var e3 = FloatVector.broadcast(SPECIES, ScalarFunctions.E3);
    var e2 = FloatVector.broadcast(SPECIES, ScalarFunctions.E2);
    var one = FloatVector.broadcast(SPECIES, 1f);
    var t11 = FloatVector.broadcast(SPECIES, ScalarFunctions.T11);
    var t9 = FloatVector.broadcast(SPECIES, ScalarFunctions.T9);
    var t7 = FloatVector.broadcast(SPECIES, ScalarFunctions.T7);
    var t5 = FloatVector.broadcast(SPECIES, ScalarFunctions.T5);
    var t3 = FloatVector.broadcast(SPECIES, ScalarFunctions.T3);
    var two = FloatVector.broadcast(SPECIES, 2f);
    var highest = FloatVector.broadcast(SPECIES, TANH_ONE);
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var v = FloatVector.fromArray(SPECIES, x, from + i);
      var magnitude = v.lanewise(VectorOperators.ABS);
      var z = magnitude.mul(magnitude);
      var s = t11.fma(z, t9);
      s = s.fma(z, t7);
      s = s.fma(z, t5);
      s = s.fma(z, t3);
      var small = s.mul(z).fma(magnitude, magnitude);
      var m = magnitude.add(magnitude);
      m = m.blend(highest, m.compare(VectorOperators.GT, highest));
      var rounded = m.fma(log2e, round);
      var n = rounded.sub(round);
      var high = n.fma(minusLn2High, m);
      var low = n.mul(minusLn2Low);
      var r = high.add(low);
      var p = e7.fma(r, e6);
      p = p.fma(r, e5);
      p = p.fma(r, e4);
      p = p.fma(r, e3);
      p = p.fma(r, e2);
      var scaled = high.add(p.fma(r.mul(r), low)).add(one);
      // times 2ⁿ by adding n to the exponent: the bits of ROUND are shifted out
      var power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
      var e = scaled.reinterpretAsInts().add(power).reinterpretAsFloats();
      var large = one.sub(two.div(e.add(one)));
      // NaN is not beyond: the polynomial keeps it, the sum of exponents may not
      var beyond = magnitude.compare(VectorOperators.GE, ScalarFunctions.TANH_SMALL);
      var t = small.blend(large, beyond);
      var sign = v.reinterpretAsInts().and(SIGN_BIT);
      t.reinterpretAsInts().or(sign).reinterpretAsFloats().intoArray(y, to + i);
    }
    for (; i < count; i++) {
      y[to + i] = ScalarFunctions.tanh(x[from + i]);
    }
  }

  static void sigmoid(float[] x, float[] y, int from, int count) {
    var log2e = FloatVector.broadcast(SPECIES, ScalarFunctions.LOG2_E);
    var round = FloatVector.broadcast(SPECIES, ScalarFunctions.ROUND);
    var minusLn2High = FloatVector.broadcast(SPECIES, -ScalarFunctions.LN2_HIGH);
    var minusLn2Low = FloatVector.broadcast(SPECIES, -ScalarFunctions.LN2_LOW);
    var e7 = FloatVector.broadcast(SPECIES, ScalarFunctions.E7);
    var e6 = FloatVector.broadcast(SPECIES, ScalarFunctions.E6);
    var e5 = FloatVector.broadcast(SPECIES, ScalarFunctions.E5);
    var e4 = FloatVector.broadcast(SPECIES, ScalarFunctions.E4);
    var e3 = FloatVector.broadcast(SPECIES, ScalarFunctions.E3);
    var e2 = FloatVector.broadcast(SPECIES, ScalarFunctions.E2);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var v = FloatVector.fromArray(SPECIES, x, from + i);
      var m = v.reinterpretAsInts().or(SIGN_BIT).reinterpretAsFloats();
      if (!m.compare(VectorOperators.GE, NORMAL).allTrue()) { // so is NaN
        for (int lane = i; lane < i + COUNT; lane++) {
          y[from + lane] = ScalarFunctions.sigmoid(x[from + lane]);
        }
        continue;
      }
      var negative = v.compare(VectorOperators.LT, 0f);
      var rounded = m.fma(log2e, round);
      var n = rounded.sub(round);
      var high = n.fma(minusLn2High, m);
      var low = n.mul(minusLn2Low);
      var r = high.add(low);
      var p = e7.fma(r, e6);
      p = p.fma(r, e5);
      p = p.fma(r, e4);
      p = p.fma(r, e3);
      p = p.fma(r, e2);
      var scaled = high.add(p.fma(r.mul(r), low)).add(one);
      var power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
      var e = scaled.reinterpretAsInts().add(power).reinterpretAsFloats();
      var divisor = e.add(one);
      var gained = divisor.sub(one).sub(e);
      var q = one.blend(e, negative).div(divisor);
      var inverse = q.blend(one.sub(q), negative);
      q.mul(gained).fma(inverse, q).intoArray(y, from + i);
    }
    for (; i < count; i++) {
      y[from + i] = ScalarFunctions.sigmoid(x[from + i]);
    }
  }

  static void log(float[] x, float[] y, int from, int count) {
    var l11 = FloatVector.broadcast(SPECIES, ScalarFunctions.L11);
    var l10 = FloatVector.broadcast(SPECIES, ScalarFunctions.L10);
    var l9 = FloatVector.broadcast(SPECIES, ScalarFunctions.L9);
    var l8 = FloatVector.broadcast(SPECIES, ScalarFunctions.L8);
    var l7 = FloatVector.broadcast(SPECIES, ScalarFunctions.L7);
    var l6 = FloatVector.broadcast(SPECIES, ScalarFunctions.L6);
    var l5 = FloatVector.broadcast(SPECIES, ScalarFunctions.L5);
    var l4 = FloatVector.broadcast(SPECIES, ScalarFunctions.L4);
    var l3 = FloatVector.broadcast(SPECIES, ScalarFunctions.L3);
    var minusHalf = FloatVector.broadcast(SPECIES, -0.5f);
    var ln2High = FloatVector.broadcast(SPECIES, ScalarFunctions.LN2_HIGH);
    var ln2Low = FloatVector.broadcast(SPECIES, ScalarFunctions.LN2_LOW);
    var zero = FloatVector.broadcast(SPECIES, 0f);
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var v = FloatVector.fromArray(SPECIES, x, from + i);
      var bits = v.reinterpretAsInts();
      var exponent = bits.sub(ScalarFunctions.ROOT_OF_HALF).lanewise(VectorOperators.ASHR, 23);
      var mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23));
      var f = mantissa.reinterpretAsFloats().sub(1f);
      var n = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
      var z = f.mul(f);
      var p = l11.fma(f, l10);
      p = p.fma(f, l9);
      p = p.fma(f, l8);
      p = p.fma(f, l7);
      p = p.fma(f, l6);
      p = p.fma(f, l5);
      p = p.fma(f, l4);
      p = p.fma(f, l3);
      var low = p.fma(f.mul(z), n.mul(ln2Low));
      low = z.fma(minusHalf, low);
      v.fma(zero, n.fma(ln2High, f.add(low))).intoArray(y, from + i);
    }
    for (; i < count; i++) {
      y[from + i] = ScalarFunctions.log(x[from + i]);
    }
  }

  private static FloatVector powerOfTwo(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
