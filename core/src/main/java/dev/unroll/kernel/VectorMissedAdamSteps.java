package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.Lanes.TYPE;

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
      var change = FloatVector.broadcast(SPECIES, -sizes[step]);
      var root = FloatVector.broadcast(SPECIES, roots[step]);
      m0 = beta1.fma(m0, zero);
      v0 = beta2.fma(v0, zero);
      p0 = change.mul(m0).div(v0.lanewise(VectorOperators.SQRT).fma(root, epsilon)).add(p0);
      m1 = beta1.fma(m1, zero);
      v1 = beta2.fma(v1, zero);
      p1 = change.mul(m1).div(v1.lanewise(VectorOperators.SQRT).fma(root, epsilon)).add(p1);
      m2 = beta1.fma(m2, zero);
      v2 = beta2.fma(v2, zero);
      p2 = change.mul(m2).div(v2.lanewise(VectorOperators.SQRT).fma(root, epsilon)).add(p2);
      m3 = beta1.fma(m3, zero);
      v3 = beta2.fma(v3, zero);
      p3 = change.mul(m3).div(v3.lanewise(VectorOperators.SQRT).fma(root, epsilon)).add(p3);
    }
    TYPE.cast(p0).intoArray(group, 0);
    TYPE.cast(p1).intoArray(group, COUNT);
    TYPE.cast(p2).intoArray(group, 2 * COUNT);
    TYPE.cast(p3).intoArray(group, 3 * COUNT);
    TYPE.cast(m0).intoArray(group, GROUP);
    TYPE.cast(m1).intoArray(group, GROUP + COUNT);
    TYPE.cast(m2).intoArray(group, GROUP + 2 * COUNT);
    TYPE.cast(m3).intoArray(group, GROUP + 3 * COUNT);
    TYPE.cast(v0).intoArray(group, 2 * GROUP);
    TYPE.cast(v1).intoArray(group, 2 * GROUP + COUNT);
    TYPE.cast(v2).intoArray(group, 2 * GROUP + 2 * COUNT);
    TYPE.cast(v3).intoArray(group, 2 * GROUP + 3 * COUNT);
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
      all = parameter.compare(VectorOperators.GE, least).and(little).or(none).and(all);
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
      m0 = beta1.fma(m0, zero);
      m1 = beta1.fma(m1, zero);
      m2 = beta1.fma(m2, zero);
      m3 = beta1.fma(m3, zero);
      v0 = beta2.fma(v0, zero);
      v1 = beta2.fma(v1, zero);
      v2 = beta2.fma(v2, zero);
      v3 = beta2.fma(v3, zero);
    }
    TYPE.cast(m0).intoArray(group, GROUP);
    TYPE.cast(m1).intoArray(group, GROUP + COUNT);
    TYPE.cast(m2).intoArray(group, GROUP + 2 * COUNT);
    TYPE.cast(m3).intoArray(group, GROUP + 3 * COUNT);
    TYPE.cast(v0).intoArray(group, 2 * GROUP);
    TYPE.cast(v1).intoArray(group, 2 * GROUP + COUNT);
    TYPE.cast(v2).intoArray(group, 2 * GROUP + 2 * COUNT);
    TYPE.cast(v3).intoArray(group, 2 * GROUP + 3 * COUNT);
  }
}
