package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import dev.unroll.base.Matrix;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twins of {@link Rows}, for rows at different offsets: C2 on JDK 25 does not vectorize
 * such loops by itself, as the rows might overlap (measured: 230 ns against 40 ns for 512
 * elements). Each does the whole vectors and returns how many elements that was.
 */
final class VectorRows {

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());

  private VectorRows() {}

  static int add(float[] x, int from, float[] y, int to, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var sum = FloatVector.fromArray(SPECIES, y, to + i);
      sum.add(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
    }
    return i;
  }

  static int addScaled(float factor, float[] x, int from, float[] y, int to, int count) {
    var scale = FloatVector.broadcast(SPECIES, factor);
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var sum = FloatVector.fromArray(SPECIES, y, to + i);
      scale.fma(FloatVector.fromArray(SPECIES, x, from + i), sum).intoArray(y, to + i);
    }
    return i;
  }

  static int addProducts(float[] x, int from, float[] y, int with, float[] z, int at, int count) {
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var sum = FloatVector.fromArray(SPECIES, z, at + i);
      var left = FloatVector.fromArray(SPECIES, x, from + i);
      left.fma(FloatVector.fromArray(SPECIES, y, with + i), sum).intoArray(z, at + i);
    }
    return i;
  }

  /** The twin of {@link Elementwise#interpolate}, of one row. */
  static int interpolate(Matrix gate, Matrix x, Matrix before, Matrix y, int row) {
    int share = gate.row(row);
    int from = x.row(row);
    int past = before.row(row);
    int into = y.row(row);
    int count = x.columns();
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var old = FloatVector.fromArray(SPECIES, before.data(), past + i);
      var change = FloatVector.fromArray(SPECIES, x.data(), from + i).sub(old);
      var gates = FloatVector.fromArray(SPECIES, gate.data(), share + i);
      gates.fma(change, old).intoArray(y.data(), into + i);
    }
    return i;
  }

  static int keepGreater(Matrix x, int row, Matrix greatest, int into, int[] rows) {
    int count = x.columns();
    int from = x.row(row);
    int to = greatest.row(into);
    int at = into * count;
    var own = IntVector.broadcast(INTS, row);
    int i = 0;
    for (; i <= count - COUNT; i += COUNT) {
      var value = FloatVector.fromArray(SPECIES, x.data(), from + i);
      var old = FloatVector.fromArray(SPECIES, greatest.data(), to + i);
      var greater = value.compare(VectorOperators.GT, old);
      old.blend(value, greater).intoArray(greatest.data(), to + i);
      var before = IntVector.fromArray(INTS, rows, at + i);
      before.blend(own, greater.cast(INTS)).intoArray(rows, at + i);
    }
    return i;
  }
}
