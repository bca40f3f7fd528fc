package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.ALL;
import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.load;
import static dev.unroll.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector twins of {@link LstmStep}: the same operations in the same order on every lane.
 * Activations are passes of their own over the row, which is in the nearest cache: methods stay so
 * small that the compiler inlines them whole, and allocates no vectors.
 */
final class VectorLstmStep {

  private VectorLstmStep() {}

  static void cellForward(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    VectorFunctions.sigmoid(b.gates, b.gates, u, 2 * units); // Γu and Γf lie side by side
    int c = u + 2 * units;
    VectorFunctions.tanh(b.gates, c, b.gates, c, units);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      cell(b, row, j, ALL);
    }
    if (j < units) {
      cell(b, row, j, Lanes.tail(units - j));
    }
  }

  static void outputForward(CellBuffers b, int row) {
    int units = b.units();
    int at = b.at(row);
    VectorFunctions.sigmoid(b.gates, b.gates, b.gatesAt(row) + 3 * units, units);
    VectorFunctions.tanh(b.cell, b.cellStart + at, b.squashed, at, units);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      output(b, row, j, ALL);
    }
    if (j < units) {
      output(b, row, j, Lanes.tail(units - j));
    }
  }

  static void outputBackward(CellBuffers b, int row) {
    int j = 0;
    for (; j <= b.units() - COUNT; j += COUNT) {
      outputBackward(b, row, j, ALL);
    }
    if (j < b.units()) {
      outputBackward(b, row, j, Lanes.tail(b.units() - j));
    }
  }

  static void cellBackward(CellBuffers b, int row) {
    int j = 0;
    for (; j <= b.units() - COUNT; j += COUNT) {
      cellBackward(b, row, j, ALL);
    }
    if (j < b.units()) {
      cellBackward(b, row, j, Lanes.tail(b.units() - j));
    }
  }

  private static void cell(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int u = b.gatesAt(row) + j;
    int f = u + b.units();
    int at = b.at(row) + j;
    var update = load(b.gates, u, mask).mul(load(b.gates, f + b.units(), mask));
    store(
        load(b.gates, f, mask).fma(load(b.cellBefore, at, mask), update),
        b.cell,
        b.cellStart + at,
        mask);
  }

  private static void output(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int o = b.gatesAt(row) + 3 * b.units() + j;
    int at = b.at(row) + j;
    store(
        load(b.gates, o, mask).mul(load(b.squashed, at, mask)), b.output, b.outputStart + at, mask);
  }

  private static void outputBackward(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int o = b.gatesAt(row) + 3 * b.units() + j;
    int at = b.at(row) + j;
    int sequence = b.sequence(row) + j;
    var da = load(b.dOutput, at, mask);
    var out = load(b.gates, o, mask);
    var squashed = load(b.squashed, at, mask);
    store(da.mul(squashed).mul(out.mul(one().sub(out))), b.gates, o, mask);
    var slope = squashed.neg().fma(squashed, one());
    store(da.mul(out).fma(slope, load(b.dCell, sequence, mask)), b.dCell, sequence, mask);
  }

  private static void cellBackward(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int u = b.gatesAt(row) + j;
    int f = u + b.units();
    int c = f + b.units();
    int at = b.at(row) + j;
    int sequence = b.sequence(row) + j;
    var dc = load(b.dCell, sequence, mask);
    var update = load(b.gates, u, mask);
    var forget = load(b.gates, f, mask);
    var candidate = load(b.gates, c, mask);
    store(dc.mul(candidate).mul(update.mul(one().sub(update))), b.gates, u, mask);
    var before = load(b.cellBefore, at, mask);
    store(dc.mul(before).mul(forget.mul(one().sub(forget))), b.gates, f, mask);
    store(dc.mul(update).mul(candidate.neg().fma(candidate, one())), b.gates, c, mask);
    store(dc.mul(forget), b.dCell, sequence, mask);
  }

  private static FloatVector one() {
    return FloatVector.broadcast(Lanes.SPECIES, 1f);
  }
}
