package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The vector twins of {@link GruStep}: the same operations in the same order on every lane.
 * Activations are passes of their own, and loops are written out, as in {@link VectorLstmStep}.
 */
final class VectorGruStep {

  private VectorGruStep() {}

  static void resetBefore(CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    VectorFunctions.sigmoid(b.gates, b.gates, r, units);
    int at = b.at(row);
    int past = b.beforeStart + at;
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, b.gates, r + j);
      var before = FloatVector.fromArray(SPECIES, b.before, past + j);
      reset.mul(before).intoArray(b.inner, at + j);
    }
    for (; j < units; j++) {
      b.inner[at + j] = b.gates[r + j] * b.before[past + j];
    }
  }

  static void resetAfter(CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    VectorFunctions.sigmoid(b.gates, b.gates, r, units);
    int c = r + units;
    int at = b.at(row);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, b.gates, r + j);
      var inner = FloatVector.fromArray(SPECIES, b.inner, at + j);
      var candidate = FloatVector.fromArray(SPECIES, b.gates, c + j);
      reset.fma(inner, candidate).intoArray(b.gates, c + j);
    }
    for (; j < units; j++) {
      b.gates[c + j] = Math.fma(b.gates[r + j], b.inner[at + j], b.gates[c + j]);
    }
  }

  static void blend(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    VectorFunctions.sigmoid(b.gates, b.gates, u, units);
    int c = u + (b.gateCount() - 1) * units;
    VectorFunctions.tanh(b.gates, c, b.gates, c, units);
    int at = b.at(row);
    int past = b.beforeStart + at;
    int now = b.outputStart + at;
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var before = FloatVector.fromArray(SPECIES, b.before, past + j);
      var change = FloatVector.fromArray(SPECIES, b.gates, c + j).sub(before);
      var update = FloatVector.fromArray(SPECIES, b.gates, u + j);
      update.fma(change, before).intoArray(b.output, now + j);
    }
    for (; j < units; j++) {
      float before = b.before[past + j];
      b.output[now + j] = Math.fma(b.gates[u + j], b.gates[c + j] - before, before);
    }
  }

  static void blendBackward(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    int c = u + (b.gateCount() - 1) * units;
    int at = b.at(row);
    int past = b.beforeStart + at;
    int slot = b.slot(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var da = FloatVector.fromArray(SPECIES, b.dOutput, at + j);
      var update = FloatVector.fromArray(SPECIES, b.gates, u + j);
      var candidate = FloatVector.fromArray(SPECIES, b.gates, c + j);
      da.mul(update).mul(candidate.neg().fma(candidate, one)).intoArray(b.gates, c + j);
      var change = candidate.sub(FloatVector.fromArray(SPECIES, b.before, past + j));
      var keep = one.sub(update);
      da.mul(change).mul(update.mul(keep)).intoArray(b.gates, u + j);
      da.mul(keep).intoArray(b.dBefore, slot + j);
    }
    GruStep.blendBackwardFrom(j, b, row);
  }

  static void resetBeforeBackward(CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    int at = b.at(row);
    int past = b.beforeStart + at;
    int slot = b.slot(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, b.gates, r + j);
      var inner = FloatVector.fromArray(SPECIES, b.dInner, at + j);
      var before = FloatVector.fromArray(SPECIES, b.before, past + j);
      inner.mul(before).mul(reset.mul(one.sub(reset))).intoArray(b.gates, r + j);
      var direct = FloatVector.fromArray(SPECIES, b.dBefore, slot + j);
      inner.fma(reset, direct).intoArray(b.dBefore, slot + j);
    }
    GruStep.resetBeforeBackwardFrom(j, b, row);
  }

  static void resetAfterBackward(CellBuffers b, int row) {
    int units = b.units();
    int r = b.gatesAt(row) + units;
    int c = r + units;
    int at = b.at(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var reset = FloatVector.fromArray(SPECIES, b.gates, r + j);
      var dCandidate = FloatVector.fromArray(SPECIES, b.gates, c + j);
      var inner = FloatVector.fromArray(SPECIES, b.inner, at + j);
      dCandidate.mul(inner).mul(reset.mul(one.sub(reset))).intoArray(b.gates, r + j);
      dCandidate.mul(reset).intoArray(b.dInner, at + j);
    }
    GruStep.resetAfterBackwardFrom(j, b, row);
  }
}
