package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.ALL;
import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.load;
import static dev.unroll.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector twins of {@link GruStep}: the same operations in the same order on every lane.
 * Activations are passes of their own, as in {@link VectorLstmStep}.
 */
final class VectorGruStep {

  private VectorGruStep() {}

  static void resetBefore(CellBuffers b, int row) {
    activateReset(b, row);
    int j = 0;
    for (; j <= b.units() - COUNT; j += COUNT) {
      innerBefore(b, row, j, ALL);
    }
    if (j < b.units()) {
      innerBefore(b, row, j, Lanes.tail(b.units() - j));
    }
  }

  static void resetAfter(CellBuffers b, int row) {
    activateReset(b, row);
    int j = 0;
    for (; j <= b.units() - COUNT; j += COUNT) {
      innerAfter(b, row, j, ALL);
    }
    if (j < b.units()) {
      innerAfter(b, row, j, Lanes.tail(b.units() - j));
    }
  }

  static void blend(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    VectorFunctions.sigmoid(b.gates, b.gates, u, units);
    int c = u + (b.gateCount() - 1) * units;
    VectorFunctions.tanh(b.gates, c, b.gates, c, units);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      mix(b, row, j, ALL);
    }
    if (j < units) {
      mix(b, row, j, Lanes.tail(units - j));
    }
  }

  static void blendBackward(CellBuffers b, int row) {
    int j = 0;
    for (; j <= b.units() - COUNT; j += COUNT) {
      blendBackward(b, row, j, ALL);
    }
    if (j < b.units()) {
      blendBackward(b, row, j, Lanes.tail(b.units() - j));
    }
  }

  static void resetBeforeBackward(CellBuffers b, int row) {
    int j = 0;
    for (; j <= b.units() - COUNT; j += COUNT) {
      resetBeforeBackward(b, row, j, ALL);
    }
    if (j < b.units()) {
      resetBeforeBackward(b, row, j, Lanes.tail(b.units() - j));
    }
  }

  static void resetAfterBackward(CellBuffers b, int row) {
    int j = 0;
    for (; j <= b.units() - COUNT; j += COUNT) {
      resetAfterBackward(b, row, j, ALL);
    }
    if (j < b.units()) {
      resetAfterBackward(b, row, j, Lanes.tail(b.units() - j));
    }
  }

  private static void activateReset(CellBuffers b, int row) {
    int r = b.gatesAt(row) + b.units();
    VectorFunctions.sigmoid(b.gates, b.gates, r, b.units());
  }

  private static void innerBefore(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int r = b.gatesAt(row) + b.units() + j;
    int at = b.at(row) + j;
    store(load(b.gates, r, mask).mul(load(b.before, b.beforeStart + at, mask)), b.inner, at, mask);
  }

  private static void innerAfter(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int r = b.gatesAt(row) + b.units() + j;
    int c = r + b.units();
    var inner = load(b.inner, b.at(row) + j, mask);
    store(load(b.gates, r, mask).fma(inner, load(b.gates, c, mask)), b.gates, c, mask);
  }

  private static void mix(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int u = b.gatesAt(row) + j;
    int c = u + (b.gateCount() - 1) * b.units();
    int at = b.at(row) + j;
    var before = load(b.before, b.beforeStart + at, mask);
    var change = load(b.gates, c, mask).sub(before);
    store(load(b.gates, u, mask).fma(change, before), b.output, b.outputStart + at, mask);
  }

  private static void blendBackward(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int u = b.gatesAt(row) + j;
    int c = u + (b.gateCount() - 1) * b.units();
    int at = b.at(row) + j;
    var da = load(b.dOutput, at, mask);
    var update = load(b.gates, u, mask);
    var candidate = load(b.gates, c, mask);
    store(da.mul(update).mul(candidate.neg().fma(candidate, one())), b.gates, c, mask);
    var change = candidate.sub(load(b.before, b.beforeStart + at, mask));
    store(da.mul(change).mul(update.mul(one().sub(update))), b.gates, u, mask);
    store(da.mul(one().sub(update)), b.dBefore, b.slot(row) + j, mask);
  }

  private static void resetBeforeBackward(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int r = b.gatesAt(row) + b.units() + j;
    int at = b.at(row) + j;
    var reset = load(b.gates, r, mask);
    var inner = load(b.dInner, at, mask);
    var before = load(b.before, b.beforeStart + at, mask);
    store(inner.mul(before).mul(reset.mul(one().sub(reset))), b.gates, r, mask);
    int slot = b.slot(row) + j;
    store(inner.fma(reset, load(b.dBefore, slot, mask)), b.dBefore, slot, mask);
  }

  private static void resetAfterBackward(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int r = b.gatesAt(row) + b.units() + j;
    int c = r + b.units();
    int at = b.at(row) + j;
    var reset = load(b.gates, r, mask);
    var dCandidate = load(b.gates, c, mask);
    var inner = load(b.inner, at, mask);
    store(dCandidate.mul(inner).mul(reset.mul(one().sub(reset))), b.gates, r, mask);
    store(dCandidate.mul(reset), b.dInner, at, mask);
  }

  private static FloatVector one() {
    return FloatVector.broadcast(Lanes.SPECIES, 1f);
  }
}
