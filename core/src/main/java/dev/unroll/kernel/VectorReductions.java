package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.Lanes.TYPE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector twins of {@link Reductions}. Each sum handles the whole groups of 16 elements, leaves
 * the sixteen partial sums in an array and returns how many elements it did; the scalar loop adds
 * the rest. A group is one 512-bit vector, two of 256 bits or four of 128.
 */
final class VectorReductions {

  private static final int GROUP = PartialSums.COUNT / COUNT;

  /** Exponentials that are computed before they are summed: 2 KiB. */
  private static final int CHUNK = 512;

  private VectorReductions() {}

  static int sum(float[] x, int from, int count, float[] partials) {
    int whole = count - count % PartialSums.COUNT;
    addTo(partials, x, from, whole);
    return whole;
  }

  static int addDot(float[] x, int from, float[] y, int with, int count, float[] partials) {
    int whole = count - count % PartialSums.COUNT;
    for (int part = 0; part < GROUP; part++) {
      var total = FloatVector.fromArray(SPECIES, partials, part * COUNT);
      for (int i = part * COUNT; i < whole; i += PartialSums.COUNT) {
        var left = FloatVector.fromArray(SPECIES, x, from + i);
        total = left.fma(FloatVector.fromArray(SPECIES, y, with + i), total);
      }
      TYPE.cast(total).intoArray(partials, part * COUNT);
    }
    return whole;
  }

  /** The order does not matter to a maximum, so one vector is enough; {@code count} is whole. */
  static float max(float[] x, int from, int count) {
    var greatest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i += COUNT) {
      var value = FloatVector.fromArray(SPECIES, x, from + i);
      greatest = TYPE.cast(greatest).blend(value, value.compare(VectorOperators.GT, greatest));
    }
    return TYPE.cast(greatest).reduceLanes(VectorOperators.MAX);
  }

  static int replaceByExp(float[] x, int from, int count, float shift, float[] partials) {
    int whole = count - count % PartialSums.COUNT;
    for (int done = 0; done < whole; done += CHUNK) {
      int chunk = Math.min(CHUNK, whole - done);
      VectorFunctions.expOfDifference(x, from + done, shift, x, from + done, chunk);
      addTo(partials, x, from + done, chunk);
    }
    return whole;
  }

  static int sumOfExp(float[] x, int from, int count, float shift, float[] partials) {
    int whole = count - count % PartialSums.COUNT;
    float[] chunkOfExp = new float[Math.min(CHUNK, whole)];
    for (int done = 0; done < whole; done += CHUNK) {
      int chunk = Math.min(CHUNK, whole - done);
      VectorFunctions.expOfDifference(x, from + done, shift, chunkOfExp, 0, chunk);
      addTo(partials, chunkOfExp, 0, chunk);
    }
    return whole;
  }

  private static void addTo(float[] partials, float[] x, int from, int count) {
    for (int part = 0; part < GROUP; part++) {
      var total = FloatVector.fromArray(SPECIES, partials, part * COUNT);
      for (int i = part * COUNT; i < count; i += PartialSums.COUNT) {
        total = FloatVector.fromArray(SPECIES, x, from + i).add(total);
      }
      TYPE.cast(total).intoArray(partials, part * COUNT);
    }
  }
}
