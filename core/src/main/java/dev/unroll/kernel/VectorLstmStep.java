package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import dev.unroll.base.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * The vector twins of {@link LstmStep}: the same operations in the same order on every lane.
 * Activations are passes of their own over the row, which is in the nearest cache: methods stay so
 * small that the compiler inlines them whole, and allocates no vectors. For that each loop is
 * written out, its constants before it; the end of a row is scalar: methods of one vector under a
 * mask were not always inlined, and then allocated.
 */
final class VectorLstmStep {

  private VectorLstmStep() {}

  static void memoryForward(Matrix gates, Matrix cellBefore, Matrix memory, int row) {
    float[] z = gates.data();
    float[] past = cellBefore.data();
    float[] cell = memory.data();
    int units = memory.columns();
    int u = gates.row(row);
    VectorFunctions.sigmoid(z, z, u, 2 * units); // Γu and Γf lie side by side
    int c = u + 2 * units;
    VectorFunctions.tanh(z, c, z, c, units);
    int f = u + units;
    int at = cellBefore.row(row);
    int now = memory.row(row);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var update = FloatVector.fromArray(SPECIES, z, u + j);
      var candidate = FloatVector.fromArray(SPECIES, z, c + j);
      var before = FloatVector.fromArray(SPECIES, past, at + j);
      var forget = FloatVector.fromArray(SPECIES, z, f + j);
      forget.fma(before, update.mul(candidate)).intoArray(cell, now + j);
    }
    for (; j < units; j++) {
      cell[now + j] = Fma.fma(z[f + j], past[at + j], z[u + j] * z[c + j]);
    }
  }

  static void outputForward(Matrix gates, Matrix seen, Matrix squashed, Matrix output, int row) {
    float[] z = gates.data();
    float[] tanh = squashed.data();
    float[] a = output.data();
    int units = output.columns();
    int o = gates.row(row) + 3 * units;
    int at = squashed.row(row);
    int now = output.row(row);
    VectorFunctions.sigmoid(z, z, o, units);
    VectorFunctions.tanh(seen.data(), seen.row(row), tanh, at, units);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var out = FloatVector.fromArray(SPECIES, z, o + j);
      out.mul(FloatVector.fromArray(SPECIES, tanh, at + j)).intoArray(a, now + j);
    }
    for (; j < units; j++) {
      a[now + j] = z[o + j] * tanh[at + j];
    }
  }

  /** Returns how many units were done. */
  static int outputBackward(Matrix gates, Matrix dOutput, Matrix squashed, Matrix dSeen, int row) {
    float[] z = gates.data();
    float[] gradient = dSeen.data();
    int units = dOutput.columns();
    int o = gates.row(row) + 3 * units;
    int from = dOutput.row(row);
    int at = squashed.row(row);
    int into = dSeen.row(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var da = FloatVector.fromArray(SPECIES, dOutput.data(), from + j);
      var out = FloatVector.fromArray(SPECIES, z, o + j);
      var tanh = FloatVector.fromArray(SPECIES, squashed.data(), at + j);
      da.mul(tanh).mul(out.mul(one.sub(out))).intoArray(z, o + j);
      var slope = tanh.neg().fma(tanh, one);
      var dc = FloatVector.fromArray(SPECIES, gradient, into + j);
      da.mul(out).fma(slope, dc).intoArray(gradient, into + j);
    }
    return j;
  }

  /** Returns how many units were done. */
  static int memoryBackward(Matrix gates, Matrix cellBefore, Matrix dMemory, int row) {
    float[] z = gates.data();
    float[] past = cellBefore.data();
    float[] d = dMemory.data();
    int units = dMemory.columns();
    int u = gates.row(row);
    int f = u + units;
    int c = f + units;
    int at = cellBefore.row(row);
    int into = dMemory.row(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var dc = FloatVector.fromArray(SPECIES, d, into + j);
      var update = FloatVector.fromArray(SPECIES, z, u + j);
      var forget = FloatVector.fromArray(SPECIES, z, f + j);
      var candidate = FloatVector.fromArray(SPECIES, z, c + j);
      var before = FloatVector.fromArray(SPECIES, past, at + j);
      dc.mul(candidate).mul(update.mul(one.sub(update))).intoArray(z, u + j);
      dc.mul(before).mul(forget.mul(one.sub(forget))).intoArray(z, f + j);
      dc.mul(update).mul(candidate.neg().fma(candidate, one)).intoArray(z, c + j);
      dc.mul(forget).intoArray(d, into + j);
    }
    return j;
  }
}
