package dev.unroll.layer;

import dev.unroll.kernel.BasicStep;
import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Workers;
import java.util.List;

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
  public List<String> gateNames() {
    return List.of("a");
  }

  @Override
  public CellBuffers.Kind kind() {
    return CellBuffers.Kind.PLAIN;
  }

  @Override
  public List<Integer> groups() {
    return List.of(1);
  }

  @Override
  public void forward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    w.addToGates(0, b, b.before(to), from, to, workers);
    switch (activation) {
      case TANH -> BasicStep.tanh(b, from, to);
      case RELU -> BasicStep.relu(b, from, to);
    }
  }

  @Override
  public void backward(RecurrentWeights w, CellBuffers b, int from, int to, Workers workers) {
    switch (activation) {
      case TANH -> BasicStep.tanhBackward(b, from, to);
      case RELU -> BasicStep.reluBackward(b, from, to);
    }
    Matrix dz = b.dGates(to).rows(from, to);
    w.back(0, b, from, dz, b.dBefore(from, to), false, workers);
  }
}
