package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The inner loops of {@link CompactMatrix}: one row of A against a panel of four vectors. */
final class VectorCompact {

  private static final VectorSpecies<Integer> WORDS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());
  private static final int UPPER_HALF = 0xffff_0000;

  private VectorCompact() {}

  /** {@code count} elements of x from {@code from} on. */
  record Row(float[] x, int from, int count) {}

  /** Adds the products with 16-bit floats, two to a word. */
  static void addHalves(Row row, int[] words, int first, float[] sums, int to) {
    float[] x = row.x;
    int from = row.from;
    var c0 = FloatVector.fromArray(SPECIES, sums, to);
    var c1 = FloatVector.fromArray(SPECIES, sums, to + COUNT);
    var c2 = FloatVector.fromArray(SPECIES, sums, to + 2 * COUNT);
    var c3 = FloatVector.fromArray(SPECIES, sums, to + 3 * COUNT);
    for (int k = 0; k < row.count; k++) {
      var a = FloatVector.broadcast(SPECIES, x[from + k]);
      var one = IntVector.fromArray(WORDS, words, first + k * (2 * COUNT));
      var other = IntVector.fromArray(WORDS, words, first + COUNT + k * (2 * COUNT));
      c0 = a.fma(one.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c0);
      c1 = a.fma(one.and(UPPER_HALF).reinterpretAsFloats(), c1);
      c2 = a.fma(other.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c2);
      c3 = a.fma(other.and(UPPER_HALF).reinterpretAsFloats(), c3);
    }
    c0.intoArray(sums, to);
    c1.intoArray(sums, to + COUNT);
    c2.intoArray(sums, to + 2 * COUNT);
    c3.intoArray(sums, to + 3 * COUNT);
  }

  /** Adds the products with bytes, four to a word, each times the scale of its column. */
  static void addBytes(
      Row row, int[] words, int first, float[] scales, int column, float[] sums, int to) {
    float[] x = row.x;
    int from = row.from;
    var s0 = FloatVector.fromArray(SPECIES, scales, column);
    var s1 = FloatVector.fromArray(SPECIES, scales, column + COUNT);
    var s2 = FloatVector.fromArray(SPECIES, scales, column + 2 * COUNT);
    var s3 = FloatVector.fromArray(SPECIES, scales, column + 3 * COUNT);
    var c0 = FloatVector.fromArray(SPECIES, sums, to);
    var c1 = FloatVector.fromArray(SPECIES, sums, to + COUNT);
    var c2 = FloatVector.fromArray(SPECIES, sums, to + 2 * COUNT);
    var c3 = FloatVector.fromArray(SPECIES, sums, to + 3 * COUNT);
    for (int k = 0; k < row.count; k++) {
      var a = FloatVector.broadcast(SPECIES, x[from + k]);
      var four = IntVector.fromArray(WORDS, words, first + k * COUNT);
      c0 = a.fma(toFloat(four.lanewise(VectorOperators.LSHL, 24)).mul(s0), c0);
      c1 = a.fma(toFloat(four.lanewise(VectorOperators.LSHL, 16)).mul(s1), c1);
      c2 = a.fma(toFloat(four.lanewise(VectorOperators.LSHL, 8)).mul(s2), c2);
      c3 = a.fma(toFloat(four).mul(s3), c3);
    }
    c0.intoArray(sums, to);
    c1.intoArray(sums, to + COUNT);
    c2.intoArray(sums, to + 2 * COUNT);
    c3.intoArray(sums, to + 3 * COUNT);
  }

  /** The highest byte of each word as a float. */
  private static FloatVector toFloat(IntVector words) {
    return (FloatVector)
        words.lanewise(VectorOperators.ASHR, 24).convertShape(VectorOperators.I2F, SPECIES, 0);
  }
}
