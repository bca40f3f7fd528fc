package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * The recurrent layers of a case in PyTorch's own operations {@code torch::lstm} and {@code
 * torch::gru}, over all steps and layers at once, from the zero state. For an LSTM, oneDNN computes
 * both the forward and the backward pass.
 */
final class PyTorchLayers {

  private final Case work;
  private final List<NDArray> parameters = new ArrayList<>();
  private final int parametersPerLayer;
  private final NDArray zeroBias;
  private final NDList start;

  PyTorchLayers(Case work, NDManager manager) {
    this.work = work;
    long units = work.units();
    long rows = work.cell().gates() * units;
    boolean lstm = work.cell() == Cell.LSTM;
    parametersPerLayer = lstm ? 3 : 4;
    for (int layer = 0; layer < work.layers(); layer++) {
      var weights = LayerWeights.of(work, layer, GateOrder.pytorch(work.cell()));
      parameters.add(manager.create(weights.input(), new Shape(rows, units)));
      parameters.add(manager.create(weights.recurrent(), new Shape(rows, units)));
      parameters.add(manager.create(weights.bias()));
      if (!lstm) {
        parameters.add(manager.create(weights.recurrentBias()));
      }
    }
    zeroBias = manager.zeros(new Shape(lstm ? rows : 2 * units));
    var state = new Shape(work.layers(), work.batch(), units);
    start =
        lstm
            ? new NDList(manager.zeros(state), manager.zeros(state))
            : new NDList(manager.zeros(state));
  }

  /** Returns the parameters of all layers: weights of inputs and state, bias, bias in the reset. */
  List<NDArray> parameters() {
    return parameters;
  }

  /**
   * Returns the operation's arguments for parameters like those of {@link #parameters}. Of its
   * second bias only the candidate's of a GRU is a parameter; the rest stays zero in training.
   */
  NDList arguments(List<NDArray> parameters) {
    var arguments = new NDList();
    for (int i = 0; i < work.layers() * parametersPerLayer; i += parametersPerLayer) {
      arguments.addAll(parameters.subList(i, i + 3));
      arguments.add(
          work.cell() == Cell.LSTM
              ? zeroBias
              : NDArrays.concat(new NDList(zeroBias, parameters.get(i + 3))));
    }
    return arguments;
  }

  /** Returns the outputs of the last layer, [T][B][H], for inputs [T][B][H]. */
  NDArray forward(NDArray x, NDList arguments) {
    var operations = x.getNDArrayInternal();
    int layers = work.layers();
    boolean training = work.work() == Work.TRAIN;
    NDList results =
        work.cell() == Cell.LSTM
            ? operations.lstm(x, start, arguments, true, layers, 0, training, false, false)
            : operations.gru(x, start.get(0), arguments, true, layers, 0, training, false, false);
    return results.get(0);
  }
}
