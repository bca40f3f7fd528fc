package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.ALL;
import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The vector twins of {@link Functions}: the same operations in the same order on every lane. */
final class VectorFunctions {

  private static final int SIGN_BIT = 0x8000_0000;

  private VectorFunctions() {}

  static FloatVector exp(FloatVector x) {
    var clamped = x.blend(Functions.EXP_HIGH, x.compare(VectorOperators.GT, Functions.EXP_HIGH));
    clamped =
        clamped.blend(Functions.EXP_LOW, clamped.compare(VectorOperators.LT, Functions.EXP_LOW));
    var rounded = clamped.fma(broadcast(Functions.LOG2_E), broadcast(Functions.ROUND));
    var n = rounded.sub(Functions.ROUND);
    var high = n.fma(broadcast(-Functions.LN2_HIGH), clamped);
    var low = n.mul(-Functions.LN2_LOW);
    var r = high.add(low);
    var p = broadcast(Functions.E7).fma(r, broadcast(Functions.E6));
    p = p.fma(r, broadcast(Functions.E5));
    p = p.fma(r, broadcast(Functions.E4));
    p = p.fma(r, broadcast(Functions.E3));
    p = p.fma(r, broadcast(Functions.E2));
    var y = high.add(p.fma(r.mul(r), low)).add(1f);
    var power = rounded.reinterpretAsInts().sub(Functions.ROUND_BITS);
    var half = power.lanewise(VectorOperators.ASHR, 1);
    return y.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
  }

  static FloatVector tanh(FloatVector x) {
    var magnitude = x.lanewise(VectorOperators.ABS);
    var z = magnitude.mul(magnitude);
    var p = broadcast(Functions.T11).fma(z, broadcast(Functions.T9));
    p = p.fma(z, broadcast(Functions.T7));
    p = p.fma(z, broadcast(Functions.T5));
    p = p.fma(z, broadcast(Functions.T3));
    var small = p.mul(z).fma(magnitude, magnitude);
    var e = exp(magnitude.add(magnitude));
    var large = broadcast(1f).sub(broadcast(2f).div(e.add(1f)));
    var y = large.blend(small, magnitude.compare(VectorOperators.LT, Functions.TANH_SMALL));
    var sign = x.reinterpretAsInts().and(SIGN_BIT);
    return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) {
    var e = exp(x.lanewise(VectorOperators.ABS).neg());
    var one = broadcast(1f);
    var divisor = e.add(1f);
    var lost = e.sub(divisor.sub(1f));
    var negative = x.compare(VectorOperators.LT, 0f);
    var q = one.blend(e, negative).div(divisor);
    var inverse = q.blend(one.sub(q), negative);
    return q.neg().mul(lost).fma(inverse, q);
  }

  static void exp(float[] x, float[] y, int from, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      exp(x, y, from + i, ALL);
    }
    if (i < count) {
      exp(x, y, from + i, Lanes.tail(count - i));
    }
  }

  static void tanh(float[] x, float[] y, int from, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      tanh(x, y, from + i, ALL);
    }
    if (i < count) {
      tanh(x, y, from + i, Lanes.tail(count - i));
    }
  }

  static void sigmoid(float[] x, float[] y, int from, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      sigmoid(x, y, from + i, ALL);
    }
    if (i < count) {
      sigmoid(x, y, from + i, Lanes.tail(count - i));
    }
  }

  private static void exp(float[] x, float[] y, int at, VectorMask<Float> mask) {
    Lanes.store(exp(Lanes.load(x, at, mask)), y, at, mask);
  }

  private static void tanh(float[] x, float[] y, int at, VectorMask<Float> mask) {
    Lanes.store(tanh(Lanes.load(x, at, mask)), y, at, mask);
  }

  private static void sigmoid(float[] x, float[] y, int at, VectorMask<Float> mask) {
    Lanes.store(sigmoid(Lanes.load(x, at, mask)), y, at, mask);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static FloatVector powerOfTwo(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
