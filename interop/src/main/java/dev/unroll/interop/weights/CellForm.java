package dev.unroll.interop.weights;

import dev.unroll.cells.Activation;
import dev.unroll.cells.Peepholes;
import java.util.List;

/** The equations of a recurrent cell that other frameworks have too. */
public sealed interface CellForm {

  /** The gates it has, in the order in which our own cell holds them. */
  List<Gate> gates();

  /** Its name in messages. */
  String label();

  /**
   * A basic cell, {@code h⟨t⟩ = g(W x⟨t⟩ + b + R h⟨t-1⟩ + b′)}.
   *
   * @param activation the function g
   */
  record Basic(Activation activation) implements CellForm {
    @Override
    public List<Gate> gates() {
      return List.of(Gate.HIDDEN);
    }

    @Override
    public String label() {
      return "basic cell";
    }
  }

  /**
   * A gated recurrent unit, {@code z = σ(…)}, {@code r = σ(…)}, and
   *
   * <pre>{@code
   * reset before   n = tanh(W x⟨t⟩ + b + R (r ∗ h⟨t-1⟩) + b′)
   * reset after    n = tanh(W x⟨t⟩ + b + r ∗ (R h⟨t-1⟩ + b′))
   * z keeps        h⟨t⟩ = z ∗ h⟨t-1⟩ + (1-z) ∗ n      (PyTorch, Keras, ONNX)
   * z takes        h⟨t⟩ = (1-z) ∗ h⟨t-1⟩ + z ∗ n      (Cho et al. 2014 in our notation)
   * }</pre>
   *
   * @param resetAfter whether the reset gate acts after the recurrent product or before it
   * @param updateKeeps whether the update gate weighs the old state or the candidate
   */
  record Gru(boolean resetAfter, boolean updateKeeps) implements CellForm {
    @Override
    public List<Gate> gates() {
      return List.of(Gate.UPDATE, Gate.RESET, Gate.CANDIDATE);
    }

    @Override
    public String label() {
      return "GRU";
    }
  }

  /**
   * Long short-term memory, {@code c⟨t⟩ = f ∗ c⟨t-1⟩ + i ∗ g}, {@code h⟨t⟩ = o ∗ tanh(c⟨t⟩)}, the
   * latter times a projection where there is one.
   *
   * @param peepholes which memory the gates see
   */
  record Lstm(Peepholes peepholes) implements CellForm {
    @Override
    public List<Gate> gates() {
      return List.of(Gate.INPUT, Gate.FORGET, Gate.CELL, Gate.OUTPUT);
    }

    @Override
    public String label() {
      return "LSTM";
    }
  }
}
