package dev.unroll.nn;

import java.util.ArrayList;
import java.util.List;

/** A reference cell run over one sequence from the zero state, for tests of whole networks. */
public final class ReferenceCellAccess {

  private final ReferenceCell cell;
  private final int memory;
  private List<ReferenceCell.Step> run = new ArrayList<>();

  private ReferenceCellAccess(ReferenceCell cell, boolean memory) {
    this.cell = cell;
    this.memory = memory ? cell.units : 0;
  }

  /** The reference of the cell with a label. */
  public static ReferenceCellAccess of(String label, int inputs, int units) {
    CellForm form =
        switch (label) {
          case "rnn-tanh" -> CellForm.BASIC_TANH;
          case "rnn-relu" -> CellForm.BASIC_RELU;
          case "gru-simplified" -> CellForm.GRU_SIMPLIFIED;
          case "gru" -> CellForm.GRU_RESET_BEFORE;
          case "gru-reset-after" -> CellForm.GRU_RESET_AFTER;
          case "lstm" -> CellForm.LSTM;
          case "lstm-peephole-before" -> CellForm.LSTM_PEEPHOLES_BEFORE;
          case "lstm-peephole" -> CellForm.LSTM_PEEPHOLES_AFTER;
          default -> throw new IllegalArgumentException(label);
        };
    return new ReferenceCellAccess(form.reference(inputs, units), form.hasMemory());
  }

  public void load(double[] parameters, int from) {
    System.arraycopy(parameters, from, cell.parameters, 0, cell.parameters.length);
  }

  public void addGradients(double[] gradients, int from) {
    for (int i = 0; i < cell.gradients.length; i++) {
      gradients[from + i] += cell.gradients[i];
    }
  }

  public double[][] forward(double[][] x) {
    run = new ArrayList<>();
    double[] a = new double[cell.units];
    double[] c = new double[memory];
    double[][] outputs = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      var step = cell.forward(x[t], a, c);
      run.add(step);
      a = step.a();
      c = step.c();
      outputs[t] = a;
    }
    return outputs;
  }

  public double[][] backward(double[][] dOutputs) {
    double[][] dx = new double[run.size()][];
    double[] da = new double[cell.units];
    double[] dc = new double[memory];
    for (int t = run.size() - 1; t >= 0; t--) {
      for (int j = 0; j < cell.units; j++) {
        da[j] += dOutputs[t][j];
      }
      var back = cell.backward(run.get(t), da, dc);
      dx[t] = back.dx();
      da = back.da();
      dc = back.dc();
    }
    return dx;
  }
}
