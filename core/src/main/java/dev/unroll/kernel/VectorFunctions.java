package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The vector twins of {@link Functions}: the same operations in the same order on every lane. */
final class VectorFunctions {

  private static final int SIGN_BIT = 0x8000_0000;

  // Constants as vectors: fewer operations for the compiler, whose limit of inlining is near.
  private static final FloatVector LOG2_E = FloatVector.broadcast(SPECIES, Functions.LOG2_E);
  private static final FloatVector ROUND = FloatVector.broadcast(SPECIES, Functions.ROUND);
  private static final FloatVector MINUS_LN2_HIGH =
      FloatVector.broadcast(SPECIES, -Functions.LN2_HIGH);
  private static final FloatVector E7 = FloatVector.broadcast(SPECIES, Functions.E7);
  private static final FloatVector E6 = FloatVector.broadcast(SPECIES, Functions.E6);
  private static final FloatVector E5 = FloatVector.broadcast(SPECIES, Functions.E5);
  private static final FloatVector E4 = FloatVector.broadcast(SPECIES, Functions.E4);
  private static final FloatVector E3 = FloatVector.broadcast(SPECIES, Functions.E3);
  private static final FloatVector E2 = FloatVector.broadcast(SPECIES, Functions.E2);
  private static final FloatVector T11 = FloatVector.broadcast(SPECIES, Functions.T11);
  private static final FloatVector T9 = FloatVector.broadcast(SPECIES, Functions.T9);
  private static final FloatVector T7 = FloatVector.broadcast(SPECIES, Functions.T7);
  private static final FloatVector T5 = FloatVector.broadcast(SPECIES, Functions.T5);
  private static final FloatVector T3 = FloatVector.broadcast(SPECIES, Functions.T3);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
  private static final FloatVector TWO = FloatVector.broadcast(SPECIES, 2f);
  private static final FloatVector MINUS_LN2_LOW =
      FloatVector.broadcast(SPECIES, -Functions.LN2_LOW);

  private VectorFunctions() {}

  static FloatVector exp(FloatVector x) {
    var clamped = x.blend(Functions.EXP_HIGH, x.compare(VectorOperators.GT, Functions.EXP_HIGH));
    clamped =
        clamped.blend(Functions.EXP_LOW, clamped.compare(VectorOperators.LT, Functions.EXP_LOW));
    var rounded = clamped.fma(LOG2_E, ROUND);
    var n = rounded.sub(ROUND);
    var high = n.fma(MINUS_LN2_HIGH, clamped);
    var low = n.mul(MINUS_LN2_LOW);
    var r = high.add(low);
    var p = E7.fma(r, E6);
    p = p.fma(r, E5);
    p = p.fma(r, E4);
    p = p.fma(r, E3);
    p = p.fma(r, E2);
    var y = high.add(p.fma(r.mul(r), low)).add(ONE);
    var power = rounded.reinterpretAsInts().sub(Functions.ROUND_BITS);
    var half = power.lanewise(VectorOperators.ASHR, 1);
    return y.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
  }

  static FloatVector tanh(FloatVector x) {
    var magnitude = x.lanewise(VectorOperators.ABS);
    var z = magnitude.mul(magnitude);
    var p = T11.fma(z, T9);
    p = p.fma(z, T7);
    p = p.fma(z, T5);
    p = p.fma(z, T3);
    var small = p.mul(z).fma(magnitude, magnitude);
    var e = exp(magnitude.add(magnitude));
    var large = ONE.sub(TWO.div(e.add(ONE)));
    var y = large.blend(small, magnitude.compare(VectorOperators.LT, Functions.TANH_SMALL));
    var sign = x.reinterpretAsInts().and(SIGN_BIT);
    return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) {
    var e = exp(x.lanewise(VectorOperators.ABS).neg());
    var one = ONE;
    var divisor = e.add(ONE);
    var lost = e.sub(divisor.sub(ONE));
    var negative = x.compare(VectorOperators.LT, 0f);
    var q = one.blend(e, negative).div(divisor);
    var inverse = q.blend(one.sub(q), negative);
    return q.neg().mul(lost).fma(inverse, q);
  }

  static void exp(float[] x, float[] y, int from, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      exp(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, from + i);
    }
    for (; i < count; i++) {
      y[from + i] = Functions.exp(x[from + i]);
    }
  }

  static void tanh(float[] x, float[] y, int from, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      tanh(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, from + i);
    }
    for (; i < count; i++) {
      y[from + i] = Functions.tanh(x[from + i]);
    }
  }

  static void sigmoid(float[] x, float[] y, int from, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      sigmoid(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, from + i);
    }
    for (; i < count; i++) {
      y[from + i] = Functions.sigmoid(x[from + i]);
    }
  }

  private static FloatVector powerOfTwo(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
