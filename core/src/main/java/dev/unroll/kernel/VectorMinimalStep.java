package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import dev.unroll.base.Matrix;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector twins of {@link MinimalStep}: the same operations in the same order on every lane.
 * Each does the whole vectors of a row and returns how many units that was.
 */
final class VectorMinimalStep {

  private VectorMinimalStep() {}

  static int gruBackward(Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore, int row) {
    float[] z = gates.data();
    int units = dOutput.columns();
    int u = gates.row(row);
    int c = u + units;
    int past = before.row(row);
    int from = dOutput.row(row);
    int into = dBefore.row(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var da = FloatVector.fromArray(SPECIES, dOutput.data(), from + j);
      var update = FloatVector.fromArray(SPECIES, z, u + j);
      var old = FloatVector.fromArray(SPECIES, before.data(), past + j);
      var change = FloatVector.fromArray(SPECIES, z, c + j).sub(old);
      var keep = one.sub(update);
      da.mul(update).intoArray(z, c + j);
      da.mul(change).mul(update.mul(keep)).intoArray(z, u + j);
      da.mul(keep).intoArray(dBefore.data(), into + j);
    }
    return j;
  }

  static int lstmMix(Matrix gates, Matrix before, Matrix output, int row) {
    float[] z = gates.data();
    int units = output.columns();
    int u = gates.row(row);
    int f = u + units;
    int c = f + units;
    int past = before.row(row);
    int now = output.row(row);
    var least = FloatVector.broadcast(SPECIES, Float.MIN_NORMAL);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var old = FloatVector.fromArray(SPECIES, before.data(), past + j);
      var update = FloatVector.fromArray(SPECIES, z, u + j);
      var sum = update.add(FloatVector.fromArray(SPECIES, z, f + j));
      sum = sum.blend(least, sum.compare(VectorOperators.LT, least));
      var change = FloatVector.fromArray(SPECIES, z, c + j).sub(old);
      update.div(sum).fma(change, old).intoArray(output.data(), now + j);
    }
    return j;
  }

  static int lstmBackward(Matrix gates, Matrix before, Matrix dOutput, Matrix dBefore, int row) {
    float[] z = gates.data();
    int units = dOutput.columns();
    int u = gates.row(row);
    int f = u + units;
    int c = f + units;
    int past = before.row(row);
    int from = dOutput.row(row);
    int into = dBefore.row(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    var least = FloatVector.broadcast(SPECIES, Float.MIN_NORMAL);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var da = FloatVector.fromArray(SPECIES, dOutput.data(), from + j);
      var update = FloatVector.fromArray(SPECIES, z, u + j);
      var forget = FloatVector.fromArray(SPECIES, z, f + j);
      var sum = update.add(forget);
      sum = sum.blend(least, sum.compare(VectorOperators.LT, least));
      var share = update.div(sum);
      var keep = forget.div(sum);
      var old = FloatVector.fromArray(SPECIES, before.data(), past + j);
      var change = FloatVector.fromArray(SPECIES, z, c + j).sub(old);
      da.mul(share).intoArray(z, c + j);
      var slope = da.mul(change).mul(share).mul(keep);
      slope.mul(one.sub(update)).intoArray(z, u + j);
      slope.neg().mul(one.sub(forget)).intoArray(z, f + j);
      da.mul(keep).intoArray(dBefore.data(), into + j);
    }
    return j;
  }
}
