package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.Lanes.TYPE;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link CompactMatrix}: one row of A against a panel of four vectors.
 *
 * <p>The fence at the end of a turn is no instruction on x86. It keeps the compiler, which unrolls
 * these loops, from moving the loads of eight turns to the front, more than there are registers
 * (measured with bytes at 512 units: 260 µs per step without it, 130 with it).
 */
final class VectorCompact {

  private static final VectorSpecies<Integer> WORDS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());

  /** Columns of a panel: four vectors. */
  private static final int PANEL = 4 * COUNT;

  private static final int UPPER_HALF = 0xffff_0000;

  /** As many bytes as a vector has floats, but not less than the smallest vector holds. */
  private static final VectorSpecies<Byte> BYTES =
      COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private VectorCompact() {}

  /** {@code count} elements of x from {@code from} on. */
  record Row(float[] x, int from, int count) {}

  /** Adds the products with 16-bit floats, two to a word. */
  static void addHalves(Row row, int[] words, int first, float[] sums, int to) {
    float[] x = row.x;
    int from = row.from;
    int count = row.count;
    var c0 = FloatVector.fromArray(SPECIES, sums, to);
    var c1 = FloatVector.fromArray(SPECIES, sums, to + COUNT);
    var c2 = FloatVector.fromArray(SPECIES, sums, to + 2 * COUNT);
    var c3 = FloatVector.fromArray(SPECIES, sums, to + 3 * COUNT);
    for (int k = 0; k < count; k++) {
      var a = FloatVector.broadcast(SPECIES, x[from + k]);
      var one = IntVector.fromArray(WORDS, words, first + k * (2 * COUNT));
      var other = IntVector.fromArray(WORDS, words, first + COUNT + k * (2 * COUNT));
      c0 = a.fma(one.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c0);
      c1 = a.fma(one.and(UPPER_HALF).reinterpretAsFloats(), c1);
      c2 = a.fma(other.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c2);
      c3 = a.fma(other.and(UPPER_HALF).reinterpretAsFloats(), c3);
      VarHandle.storeStoreFence();
    }
    TYPE.cast(c0).intoArray(sums, to);
    TYPE.cast(c1).intoArray(sums, to + COUNT);
    TYPE.cast(c2).intoArray(sums, to + 2 * COUNT);
    TYPE.cast(c3).intoArray(sums, to + 3 * COUNT);
  }

  /** Adds the products with bytes, each times the scale of its column. */
  static void addBytes(
      Row row, byte[] levels, int first, float[] scales, int column, float[] sums, int to) {
    float[] x = row.x;
    int from = row.from;
    int count = row.count;
    var s0 = FloatVector.fromArray(SPECIES, scales, column);
    var s1 = FloatVector.fromArray(SPECIES, scales, column + COUNT);
    var s2 = FloatVector.fromArray(SPECIES, scales, column + 2 * COUNT);
    var s3 = FloatVector.fromArray(SPECIES, scales, column + 3 * COUNT);
    var c0 = FloatVector.fromArray(SPECIES, sums, to);
    var c1 = FloatVector.fromArray(SPECIES, sums, to + COUNT);
    var c2 = FloatVector.fromArray(SPECIES, sums, to + 2 * COUNT);
    var c3 = FloatVector.fromArray(SPECIES, sums, to + 3 * COUNT);
    for (int k = 0; k < count; k++) {
      var a = FloatVector.broadcast(SPECIES, x[from + k]);
      int at = first + k * PANEL;
      c0 = a.fma(floats(levels, at, 0).mul(s0), c0);
      c1 = a.fma(floats(levels, at, 1).mul(s1), c1);
      c2 = a.fma(floats(levels, at, 2).mul(s2), c2);
      c3 = a.fma(floats(levels, at, 3).mul(s3), c3);
      VarHandle.storeStoreFence();
    }
    TYPE.cast(c0).intoArray(sums, to);
    TYPE.cast(c1).intoArray(sums, to + COUNT);
    TYPE.cast(c2).intoArray(sums, to + 2 * COUNT);
    TYPE.cast(c3).intoArray(sums, to + 3 * COUNT);
  }

  /** Vector {@code number} of the bytes from {@code at} on; two of 4 floats share 8 bytes. */
  private static FloatVector floats(byte[] levels, int at, int number) {
    int parts = BYTES.length() / COUNT;
    return (FloatVector)
        ByteVector.fromArray(BYTES, levels, at + number / parts * BYTES.length())
            .convertShape(VectorOperators.B2F, SPECIES, number % parts);
  }
}
