package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.Reductions.PARTIALS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector twins of {@link Reductions}. Each sum handles the whole groups of 16 elements, leaves
 * the sixteen partial sums in an array and returns how many elements it did; the scalar loop adds
 * the rest. A group is one 512-bit vector, two of 256 bits or four of 128.
 */
final class VectorReductions {

  private static final int GROUP = PARTIALS / COUNT;

  private VectorReductions() {}

  static int sum(float[] x, int from, int count, float[] partials) {
    int whole = count - count % PARTIALS;
    for (int part = 0; part < GROUP; part++) {
      var total = FloatVector.zero(SPECIES);
      for (int i = part * COUNT; i < whole; i += PARTIALS) {
        total = total.add(FloatVector.fromArray(SPECIES, x, from + i));
      }
      total.intoArray(partials, part * COUNT);
    }
    return whole;
  }

  static int dot(float[] x, float[] y, int from, int count, float[] partials) {
    int whole = count - count % PARTIALS;
    for (int part = 0; part < GROUP; part++) {
      var total = FloatVector.zero(SPECIES);
      for (int i = part * COUNT; i < whole; i += PARTIALS) {
        var left = FloatVector.fromArray(SPECIES, x, from + i);
        total = left.fma(FloatVector.fromArray(SPECIES, y, from + i), total);
      }
      total.intoArray(partials, part * COUNT);
    }
    return whole;
  }

  /** The order does not matter to a maximum, so one vector is enough; {@code count} is whole. */
  static float max(float[] x, int from, int count) {
    var greatest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i += COUNT) {
      var value = FloatVector.fromArray(SPECIES, x, from + i);
      greatest = greatest.blend(value, value.compare(VectorOperators.GT, greatest));
    }
    return greatest.reduceLanes(VectorOperators.MAX);
  }

  static int replaceByExp(float[] x, int from, int count, float shift, float[] partials) {
    int whole = count - count % PARTIALS;
    for (int part = 0; part < GROUP; part++) {
      var total = FloatVector.zero(SPECIES);
      for (int i = part * COUNT; i < whole; i += PARTIALS) {
        var e = VectorFunctions.exp(FloatVector.fromArray(SPECIES, x, from + i).sub(shift));
        e.intoArray(x, from + i);
        total = total.add(e);
      }
      total.intoArray(partials, part * COUNT);
    }
    return whole;
  }

  static int sumOfExp(float[] x, int from, int count, float shift, float[] partials) {
    int whole = count - count % PARTIALS;
    for (int part = 0; part < GROUP; part++) {
      var total = FloatVector.zero(SPECIES);
      for (int i = part * COUNT; i < whole; i += PARTIALS) {
        total =
            total.add(VectorFunctions.exp(FloatVector.fromArray(SPECIES, x, from + i).sub(shift)));
      }
      total.intoArray(partials, part * COUNT);
    }
    return whole;
  }
}
