package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The vector twins of {@link LstmStep}: the same operations in the same order on every lane.
 * Activations are passes of their own over the row, which is in the nearest cache: methods stay so
 * small that the compiler inlines them whole, and allocates no vectors. For that each loop is
 * written out, its constants before it, and what is left of a row is left to the scalar twin:
 * methods of one vector under a mask were not always inlined, and then allocated.
 */
final class VectorLstmStep {

  private VectorLstmStep() {}

  static void cellForward(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    VectorFunctions.sigmoid(b.gates, b.gates, u, 2 * units); // Γu and Γf lie side by side
    int c = u + 2 * units;
    VectorFunctions.tanh(b.gates, c, b.gates, c, units);
    int f = u + units;
    int at = b.at(row);
    int now = b.cellStart + at;
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var update = FloatVector.fromArray(SPECIES, b.gates, u + j);
      var candidate = FloatVector.fromArray(SPECIES, b.gates, c + j);
      var before = FloatVector.fromArray(SPECIES, b.cellBefore, at + j);
      var forget = FloatVector.fromArray(SPECIES, b.gates, f + j);
      forget.fma(before, update.mul(candidate)).intoArray(b.cell, now + j);
    }
    for (; j < units; j++) {
      float candidate = b.gates[u + j] * b.gates[c + j];
      b.cell[now + j] = Math.fma(b.gates[f + j], b.cellBefore[at + j], candidate);
    }
  }

  static void outputForward(CellBuffers b, int row) {
    int units = b.units();
    int o = b.gatesAt(row) + 3 * units;
    int at = b.at(row);
    int now = b.hiddenStart + at;
    VectorFunctions.sigmoid(b.gates, b.gates, o, units);
    VectorFunctions.tanh(b.unsquashed(), b.unsquashedAt(row), b.squashed, at, units);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var out = FloatVector.fromArray(SPECIES, b.gates, o + j);
      out.mul(FloatVector.fromArray(SPECIES, b.squashed, at + j)).intoArray(b.hidden, now + j);
    }
    for (; j < units; j++) {
      b.hidden[now + j] = b.gates[o + j] * b.squashed[at + j];
    }
  }

  static void outputBackward(CellBuffers b, int row) {
    int units = b.units();
    int o = b.gatesAt(row) + 3 * units;
    int at = b.at(row);
    float[] gradient = b.dUnsquashed();
    int into = b.dUnsquashedAt(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var da = FloatVector.fromArray(SPECIES, b.dHidden, at + j);
      var out = FloatVector.fromArray(SPECIES, b.gates, o + j);
      var squashed = FloatVector.fromArray(SPECIES, b.squashed, at + j);
      da.mul(squashed).mul(out.mul(one.sub(out))).intoArray(b.gates, o + j);
      var slope = squashed.neg().fma(squashed, one);
      var dc = FloatVector.fromArray(SPECIES, gradient, into + j);
      da.mul(out).fma(slope, dc).intoArray(gradient, into + j);
    }
    LstmStep.outputBackwardFrom(j, b, row);
  }

  static void cellBackward(CellBuffers b, int row) {
    int units = b.units();
    int u = b.gatesAt(row);
    int f = u + units;
    int c = f + units;
    int at = b.at(row);
    int sequence = b.sequence(row);
    var one = FloatVector.broadcast(SPECIES, 1f);
    int j = 0;
    for (; j <= units - COUNT; j += COUNT) {
      var dc = FloatVector.fromArray(SPECIES, b.dCell, sequence + j);
      var update = FloatVector.fromArray(SPECIES, b.gates, u + j);
      var forget = FloatVector.fromArray(SPECIES, b.gates, f + j);
      var candidate = FloatVector.fromArray(SPECIES, b.gates, c + j);
      var before = FloatVector.fromArray(SPECIES, b.cellBefore, at + j);
      dc.mul(candidate).mul(update.mul(one.sub(update))).intoArray(b.gates, u + j);
      dc.mul(before).mul(forget.mul(one.sub(forget))).intoArray(b.gates, f + j);
      dc.mul(update).mul(candidate.neg().fma(candidate, one)).intoArray(b.gates, c + j);
      dc.mul(forget).intoArray(b.dCell, sequence + j);
    }
    LstmStep.cellBackwardFrom(j, b, row);
  }
}
