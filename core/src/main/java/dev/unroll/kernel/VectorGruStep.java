package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import dev.unroll.base.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * The vector twins of {@link GruStep}: the same operations in the same order on every lane.
 * Activations are passes of their own, and loops are written out, as in {@link VectorLstmStep}. The
 * backward methods return how many units they did.
 */
final class VectorGruStep {

  private VectorGruStep() {}

  static void resetBefore(Matrix gates, Matrix state, Matrix inner, int row) {
    float[] z = gates.data();
    float[] before = state.data();
    float[] product = inner.data();
    int units = inner.columns();
    int r = gates.row(row) + units;
    VectorFunctions.sigmoid(z, z, r, units);
    int at = inner.row(row);
    int past = state.row(row);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, z, r + j);
      reset.mul(FloatVector.fromArray(SPECIES, before, past + j)).intoArray(product, at + j);
    }
    for (; j < units; j++) {
      product[at + j] = z[r + j] * before[past + j];
    }
  }

  static void resetAfter(Matrix gates, Matrix inner, int row) {
    float[] z = gates.data();
    float[] product = inner.data();
    int units = inner.columns();
    int r = gates.row(row) + units;
    VectorFunctions.sigmoid(z, z, r, units);
    int c = r + units;
    int at = inner.row(row);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, z, r + j);
      var candidate = FloatVector.fromArray(SPECIES, z, c + j);
      reset.fma(FloatVector.fromArray(SPECIES, product, at + j), candidate).intoArray(z, c + j);
    }
    for (; j < units; j++) {
      z[c + j] = Fma.fma(z[r + j], product[at + j], z[c + j]);
    }
  }

  static void blend(Matrix gates, Matrix state, Matrix output, int row) {
    float[] z = gates.data();
    float[] old = state.data();
    float[] a = output.data();
    int units = output.columns();
    int u = gates.row(row);
    VectorFunctions.sigmoid(z, z, u, units);
    int c = gates.endOfRow(row) - units;
    VectorFunctions.tanh(z, c, z, c, units);
    int past = state.row(row);
    int now = output.row(row);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var before = FloatVector.fromArray(SPECIES, old, past + j);
      var change = FloatVector.fromArray(SPECIES, z, c + j).sub(before);
      var update = FloatVector.fromArray(SPECIES, z, u + j);
      update.fma(change, before).intoArray(a, now + j);
    }
    for (; j < units; j++) {
      float before = old[past + j];
      a[now + j] = Fma.fma(z[u + j], z[c + j] - before, before);
    }
  }

  static int blendBackward(Matrix gates, Matrix state, Matrix dOutput, Matrix dBefore, int row) {
    float[] z = gates.data();
    int units = dOutput.columns();
    int u = gates.row(row);
    int c = gates.endOfRow(row) - units;
    int past = state.row(row);
    int from = dOutput.row(row);
    int into = dBefore.row(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var da = FloatVector.fromArray(SPECIES, dOutput.data(), from + j);
      var update = FloatVector.fromArray(SPECIES, z, u + j);
      var candidate = FloatVector.fromArray(SPECIES, z, c + j);
      da.mul(update).mul(candidate.neg().fma(candidate, one)).intoArray(z, c + j);
      var change = candidate.sub(FloatVector.fromArray(SPECIES, state.data(), past + j));
      var keep = one.sub(update);
      da.mul(change).mul(update.mul(keep)).intoArray(z, u + j);
      da.mul(keep).intoArray(dBefore.data(), into + j);
    }
    return j;
  }

  static int resetBeforeBackward(
      Matrix gates, Matrix state, Matrix dInner, Matrix dBefore, int row) {
    float[] z = gates.data();
    float[] gradient = dBefore.data();
    int units = dInner.columns();
    int r = gates.row(row) + units;
    int past = state.row(row);
    int at = dInner.row(row);
    int into = dBefore.row(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, z, r + j);
      var inner = FloatVector.fromArray(SPECIES, dInner.data(), at + j);
      var before = FloatVector.fromArray(SPECIES, state.data(), past + j);
      inner.mul(before).mul(reset.mul(one.sub(reset))).intoArray(z, r + j);
      var direct = FloatVector.fromArray(SPECIES, gradient, into + j);
      inner.fma(reset, direct).intoArray(gradient, into + j);
    }
    return j;
  }

  static int resetAfterBackward(Matrix gates, Matrix inner, Matrix dInner, int row) {
    float[] z = gates.data();
    int units = inner.columns();
    int r = gates.row(row) + units;
    int c = r + units;
    int from = inner.row(row);
    int at = dInner.row(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, z, r + j);
      var dCandidate = FloatVector.fromArray(SPECIES, z, c + j);
      var product = FloatVector.fromArray(SPECIES, inner.data(), from + j);
      dCandidate.mul(product).mul(reset.mul(one.sub(reset))).intoArray(z, r + j);
      dCandidate.mul(reset).intoArray(dInner.data(), at + j);
    }
    return j;
  }
}
