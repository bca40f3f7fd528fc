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
    int u = row * 4 * units;
    VectorFunctions.sigmoid(b.gates, b.gates, u, 2 * units); // Γu and Γf lie side by side
    VectorFunctions.tanh(b.gates, b.gates, u + 2 * units, units);
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
    int at = row * units;
    VectorFunctions.sigmoid(b.gates, b.gates, row * 4 * units + 3 * units, units);
    VectorFunctions.tanh(b.cell, b.squashed, at, units);
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
    int u = row * 4 * b.units() + j;
    int f = u + b.units();
    int at = row * b.units() + j;
    var update = load(b.gates, u, mask).mul(load(b.gates, f + b.units(), mask));
    store(load(b.gates, f, mask).fma(load(b.cellBefore, at, mask), update), b.cell, at, mask);
  }

  private static void output(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int o = row * 4 * b.units() + 3 * b.units() + j;
    int at = row * b.units() + j;
    store(load(b.gates, o, mask).mul(load(b.squashed, at, mask)), b.output, at, mask);
  }

  private static void outputBackward(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int o = row * 4 * b.units() + 3 * b.units() + j;
    int at = row * b.units() + j;
    int sequence = b.sequence(row) + j;
    var da = load(b.dOutput, at, mask);
    var out = load(b.gates, o, mask);
    var squashed = load(b.squashed, at, mask);
    store(da.mul(squashed).mul(out.mul(one().sub(out))), b.gates, o, mask);
    var slope = squashed.neg().fma(squashed, one());
    store(da.mul(out).fma(slope, load(b.dCell, sequence, mask)), b.dCell, sequence, mask);
  }

  private static void cellBackward(CellBuffers b, int row, int j, VectorMask<Float> mask) {
    int u = row * 4 * b.units() + j;
    int f = u + b.units();
    int c = f + b.units();
    int at = row * b.units() + j;
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
