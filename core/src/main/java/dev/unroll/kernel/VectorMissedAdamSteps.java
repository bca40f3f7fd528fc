package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector twins of {@link MissedAdamSteps}: four vectors of parameters and of each moment stay
 * in registers through all steps.
 */
final class VectorMissedAdamSteps {

  static final int GROUP = 4 * COUNT;

  /** Smaller parameters never rest: products of theirs might underflow. */
  static final float LEAST = 1e-15f;

  private VectorMissedAdamSteps() {}

  /**
   * What the steps have in common, and what each of them has.
   *
   * @param sizes the rates, corrected as first moments are
   * @param roots what the roots of second moments are multiplied with
   */
  record Steps(float beta1, float beta2, float epsilon, float[] sizes, float[] roots) {}

  static void change(Steps steps, float[] group, int next, int end) {
    var beta1 = FloatVector.broadcast(SPECIES, steps.beta1());
    var beta2 = FloatVector.broadcast(SPECIES, steps.beta2());
    var epsilon = FloatVector.broadcast(SPECIES, steps.epsilon());
    var zero = FloatVector.zero(SPECIES);
    float[] sizes = steps.sizes();
    float[] roots = steps.roots();
    var p0 = FloatVector.fromArray(SPECIES, group, 0);
    var p1 = FloatVector.fromArray(SPECIES, group, COUNT);
    var p2 = FloatVector.fromArray(SPECIES, group, 2 * COUNT);
    var p3 = FloatVector.fromArray(SPECIES, group, 3 * COUNT);
    var m0 = FloatVector.fromArray(SPECIES, group, GROUP);
    var m1 = FloatVector.fromArray(SPECIES, group, GROUP + COUNT);
    var m2 = FloatVector.fromArray(SPECIES, group, GROUP + 2 * COUNT);
    var m3 = FloatVector.fromArray(SPECIES, group, GROUP + 3 * COUNT);
    var v0 = FloatVector.fromArray(SPECIES, group, 2 * GROUP);
    var v1 = FloatVector.fromArray(SPECIES, group, 2 * GROUP + COUNT);
    var v2 = FloatVector.fromArray(SPECIES, group, 2 * GROUP + 2 * COUNT);
    var v3 = FloatVector.fromArray(SPECIES, group, 2 * GROUP + 3 * COUNT);
    for (int step = next; step < end; step++) {
      var size = FloatVector.broadcast(SPECIES, sizes[step]);
      var root = FloatVector.broadcast(SPECIES, roots[step]);
      m0 = m0.fma(beta1, zero);
      v0 = v0.fma(beta2, zero);
      p0 = p0.sub(size.mul(m0).div(v0.lanewise(VectorOperators.SQRT).fma(root, epsilon)));
      m1 = m1.fma(beta1, zero);
      v1 = v1.fma(beta2, zero);
      p1 = p1.sub(size.mul(m1).div(v1.lanewise(VectorOperators.SQRT).fma(root, epsilon)));
      m2 = m2.fma(beta1, zero);
      v2 = v2.fma(beta2, zero);
      p2 = p2.sub(size.mul(m2).div(v2.lanewise(VectorOperators.SQRT).fma(root, epsilon)));
      m3 = m3.fma(beta1, zero);
      v3 = v3.fma(beta2, zero);
      p3 = p3.sub(size.mul(m3).div(v3.lanewise(VectorOperators.SQRT).fma(root, epsilon)));
    }
    p0.intoArray(group, 0);
    p1.intoArray(group, COUNT);
    p2.intoArray(group, 2 * COUNT);
    p3.intoArray(group, 3 * COUNT);
    m0.intoArray(group, GROUP);
    m1.intoArray(group, GROUP + COUNT);
    m2.intoArray(group, GROUP + 2 * COUNT);
    m3.intoArray(group, GROUP + 3 * COUNT);
    v0.intoArray(group, 2 * GROUP);
    v1.intoArray(group, 2 * GROUP + COUNT);
    v2.intoArray(group, 2 * GROUP + 2 * COUNT);
    v3.intoArray(group, 2 * GROUP + 3 * COUNT);
  }

  /** Returns whether no step of those to come can change a parameter. */
  static boolean rest(Steps steps, float[] group, float share) {
    var least = FloatVector.broadcast(SPECIES, LEAST);
    var epsilon = FloatVector.broadcast(SPECIES, steps.epsilon());
    VectorMask<Float> all = SPECIES.maskAll(true);
    for (int i = 0; i < GROUP; i += COUNT) {
      var parameter = FloatVector.fromArray(SPECIES, group, i).lanewise(VectorOperators.ABS);
      var first = FloatVector.fromArray(SPECIES, group, GROUP + i).lanewise(VectorOperators.ABS);
      var second = FloatVector.fromArray(SPECIES, group, 2 * GROUP + i);
      var bound = parameter.mul(share).mul(second.lanewise(VectorOperators.SQRT).add(epsilon));
      var little = first.compare(VectorOperators.LT, bound);
      var none = first.compare(VectorOperators.EQ, 0f);
      all = all.and(parameter.compare(VectorOperators.GE, least).and(little).or(none));
    }
    return all.allTrue();
  }

  static void fade(Steps steps, float[] group, int count) {
    var beta1 = FloatVector.broadcast(SPECIES, steps.beta1());
    var beta2 = FloatVector.broadcast(SPECIES, steps.beta2());
    var zero = FloatVector.zero(SPECIES);
    var m0 = FloatVector.fromArray(SPECIES, group, GROUP);
    var m1 = FloatVector.fromArray(SPECIES, group, GROUP + COUNT);
    var m2 = FloatVector.fromArray(SPECIES, group, GROUP + 2 * COUNT);
    var m3 = FloatVector.fromArray(SPECIES, group, GROUP + 3 * COUNT);
    var v0 = FloatVector.fromArray(SPECIES, group, 2 * GROUP);
    var v1 = FloatVector.fromArray(SPECIES, group, 2 * GROUP + COUNT);
    var v2 = FloatVector.fromArray(SPECIES, group, 2 * GROUP + 2 * COUNT);
    var v3 = FloatVector.fromArray(SPECIES, group, 2 * GROUP + 3 * COUNT);
    for (int step = 0; step < count; step++) {
      m0 = m0.fma(beta1, zero);
      m1 = m1.fma(beta1, zero);
      m2 = m2.fma(beta1, zero);
      m3 = m3.fma(beta1, zero);
      v0 = v0.fma(beta2, zero);
      v1 = v1.fma(beta2, zero);
      v2 = v2.fma(beta2, zero);
      v3 = v3.fma(beta2, zero);
    }
    m0.intoArray(group, GROUP);
    m1.intoArray(group, GROUP + COUNT);
    m2.intoArray(group, GROUP + 2 * COUNT);
    m3.intoArray(group, GROUP + 3 * COUNT);
    v0.intoArray(group, 2 * GROUP);
    v1.intoArray(group, 2 * GROUP + COUNT);
    v2.intoArray(group, 2 * GROUP + 2 * COUNT);
    v3.intoArray(group, 2 * GROUP + 3 * COUNT);
  }
}
