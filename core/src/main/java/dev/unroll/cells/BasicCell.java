package dev.unroll.cells;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.Elementwise;
import java.util.List;
import java.util.Locale;

/**
 * The basic recurrent cell (Elman 1990).
 *
 * <pre>{@code
 * a⟨t⟩ = g1(Waa a⟨t-1⟩ + Wax x⟨t⟩ + ba)      g1: tanh or ReLU
 * }</pre>
 *
 * @param activation the function g1
 */
public record BasicCell(Activation activation) implements Cell {

  @Override
  public String label() {
    return "rnn-" + activation.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String summary() {
    return activation == Activation.TANH ? "basic; short: rnn" : "basic, with ReLU";
  }

  @Override
  public String family() {
    return "rnn";
  }

  @Override
  public List<String> gates() {
    return List.of("a");
  }

  @Override
  public boolean backwardReadsOutput() {
    return activation == Activation.TANH;
  }

  @Override
  public void forward(CellStep s) {
    s.addProduct(0, s.before(), s.z());
    switch (activation) {
      case TANH -> Elementwise.tanh(s.z(), s.output());
      case RELU -> Elementwise.relu(s.z(), s.output());
    }
  }

  @Override
  public void backward(CellStep s) {
    switch (activation) {
      case TANH -> Elementwise.tanhBackward(s.output(), s.dOutput(), s.z());
      case RELU -> Elementwise.reluBackward(s.z(), s.dOutput());
    }
    s.productBackward(0, s.z(), s.dBefore());
  }
}
