package dev.unroll.layer;

import dev.unroll.cell.ReferenceCell;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a {@link ReferenceCell} over every sequence of an {@link Example}, one after the other. */
final class ReferenceRun {

  final Example example;
  final ReferenceCell cell;
  final double[] x;
  final double[] startA;
  final double[] startC;

  ReferenceRun(Example example) {
    this.example = example;
    this.cell = example.form().reference(example.inputs(), example.units());
    double[] p = widen(example.parameters());
    System.arraycopy(p, 0, cell.parameters, 0, p.length);
    x = widen(example.x());
    startA = widen(example.start().a());
    startC = widen(example.start().c());
  }

  /** The loss Σ va·a⟨t⟩ + Σ vc·c⟨T⟩, forward only. */
  double loss() {
    double loss = 0;
    for (int s = 0; s < example.steps().batch(); s++) {
      ReferenceCell.Step[] run = forward(s);
      for (int t = 0; t < run.length; t++) {
        int row = example.steps().row(t, s);
        for (int j = 0; j < cell.outputs; j++) {
          loss += example.va()[row * cell.outputs + j] * run[t].a()[j];
        }
      }
      for (int j = 0; run.length > 0 && j < run[run.length - 1].c().length; j++) {
        loss += example.vc()[s * cell.units + j] * run[run.length - 1].c()[j];
      }
    }
    return loss;
  }

  /** Whether an activation was so near to a kink that single precision may take the other side. */
  boolean nearKink() {
    for (int s = 0; s < example.steps().batch(); s++) {
      for (ReferenceCell.Step step : forward(s)) {
        if (java.util.Arrays.stream(cell.kinks(step)).anyMatch(z -> Math.abs(z) < 1e-5)) {
          return true;
        }
      }
    }
    return false;
  }

  /** All results, under the same names as the engine's. */
  Map<String, double[]> results() {
    int units = cell.units;
    int width = cell.outputs;
    var out = new LinkedHashMap<String, double[]>();
    double[] outputs = new double[example.steps().rows() * width];
    double[] dx = new double[x.length];
    double[] endA = startA.clone();
    double[] endC = startC.clone();
    double[] dStartA = new double[startA.length];
    double[] dStartC = new double[startC.length];
    for (int s = 0; s < example.steps().batch(); s++) {
      ReferenceCell.Step[] run = forward(s);
      double[] da = new double[width];
      double[] dc = new double[startC.length == 0 ? 0 : units];
      for (int t = run.length - 1; t >= 0; t--) {
        int row = example.steps().row(t, s);
        System.arraycopy(run[t].a(), 0, outputs, row * width, width);
        for (int j = 0; j < width; j++) {
          da[j] += example.va()[row * width + j];
        }
        for (int j = 0; j < dc.length && t == run.length - 1; j++) {
          dc[j] += example.vc()[s * units + j];
        }
        var back = cell.backward(run[t], da, dc);
        System.arraycopy(back.dx(), 0, dx, row * cell.inputs, cell.inputs);
        da = back.da();
        dc = back.dc();
      }
      if (run.length > 0) {
        var last = run[run.length - 1];
        System.arraycopy(last.a(), 0, endA, s * width, width);
        System.arraycopy(da, 0, dStartA, s * width, width);
        if (example.form().hasMemory()) {
          System.arraycopy(last.c(), 0, endC, s * units, units);
          System.arraycopy(dc, 0, dStartC, s * units, units);
        }
      }
    }
    out.put("outputs", outputs);
    out.put("end a", endA);
    out.put("end c", endC);
    out.put("dx", dx);
    out.put("gradients", cell.gradients);
    out.put("start da", dStartA);
    out.put("start dc", dStartC);
    return out;
  }

  private ReferenceCell.Step[] forward(int s) {
    int units = cell.units;
    var run = new ReferenceCell.Step[example.steps().length(s)];
    double[] a = part(startA, s * cell.outputs, cell.outputs);
    double[] c = startC.length == 0 ? new double[0] : part(startC, s * units, units);
    for (int t = 0; t < run.length; t++) {
      int row = example.steps().row(t, s);
      run[t] = cell.forward(part(x, row * cell.inputs, cell.inputs), a, c);
      a = run[t].a();
      c = run[t].c();
    }
    return run;
  }

  private static double[] part(double[] values, int from, int count) {
    return java.util.Arrays.copyOfRange(values, from, from + count);
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
