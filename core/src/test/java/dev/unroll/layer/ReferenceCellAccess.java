package dev.unroll.layer;

import dev.unroll.cell.Cell;
import dev.unroll.cell.ReferenceCell;
import dev.unroll.network.Cells;
import java.util.ArrayList;
import java.util.List;

/** A reference cell run over one sequence, with zoneout, for tests of whole networks. */
public final class ReferenceCellAccess {

  private final ReferenceCell cell;
  private final int memory;
  private List<ReferenceCell.Step> run = new ArrayList<>();
  private Keeps keeps;

  private ReferenceCellAccess(ReferenceCell cell, boolean memory) {
    this.cell = cell;
    this.memory = memory ? cell.units : 0;
  }

  /** The reference of the cell with a label. */
  public static ReferenceCellAccess of(
      String label, int inputs, int units, int projection, boolean normalized) {
    var sizes = new ReferenceCell.Sizes(inputs, units, projection, normalized);
    Cell cell = Cells.of(label);
    return new ReferenceCellAccess(ReferenceCell.of(cell, sizes), cell.hasMemory());
  }

  public void load(double[] parameters, int from) {
    System.arraycopy(parameters, from, cell.parameters, 0, cell.parameters.length);
  }

  public void addGradients(double[] gradients, int from) {
    for (int i = 0; i < cell.gradients.length; i++) {
      gradients[from + i] += cell.gradients[i];
    }
  }

  /** Which shares of the elements of the new state are the values of the step before. */
  public interface Keeps {
    double state(int t, int j);

    double memory(int t, int j);
  }

  /** Gradient of the start state, after {@link #backward}. */
  public double[] dStartA = {};

  public double[] dStartC = {};

  /** The least variance that layer normalization divided by. */
  public double leastVariance() {
    return cell.leastVariance;
  }

  public boolean hasMemory() {
    return memory > 0;
  }

  public double[][] forward(double[][] x, double[] startA, double[] startC, Keeps keeping) {
    run = new ArrayList<>();
    keeps = keeping;
    double[] a = startA;
    double[] c = startC;
    double[][] outputs = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      var step = cell.forward(x[t], a, c);
      run.add(step);
      double[] nextA = step.a().clone();
      double[] nextC = step.c().clone();
      for (int j = 0; j < cell.outputs; j++) {
        nextA[j] += keeps.state(t, j) * (a[j] - nextA[j]);
      }
      for (int j = 0; j < memory; j++) {
        nextC[j] += keeps.memory(t, j) * (c[j] - nextC[j]);
      }
      a = nextA;
      c = nextC;
      outputs[t] = a;
    }
    return outputs;
  }

  public double[][] backward(double[][] dOutputs) {
    double[][] dx = new double[run.size()][];
    double[] da = new double[cell.outputs];
    double[] dc = new double[memory];
    for (int t = run.size() - 1; t >= 0; t--) {
      double[] keptA = new double[cell.outputs];
      double[] keptC = new double[memory];
      for (int j = 0; j < cell.outputs; j++) {
        da[j] += dOutputs[t][j];
        keptA[j] = keeps.state(t, j) * da[j];
        da[j] -= keptA[j];
      }
      for (int j = 0; j < memory; j++) {
        keptC[j] = keeps.memory(t, j) * dc[j];
        dc[j] -= keptC[j];
      }
      var back = cell.backward(run.get(t), da, dc);
      dx[t] = back.dx();
      da = sum(back.da(), keptA);
      dc = sum(back.dc(), keptC);
    }
    dStartA = da;
    dStartC = dc;
    return dx;
  }

  private static double[] sum(double[] x, double[] y) {
    double[] sum = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      sum[j] = x[j] + y[j];
    }
    return sum;
  }
}
