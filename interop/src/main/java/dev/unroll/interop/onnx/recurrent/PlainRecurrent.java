package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.recurrent.PlainWay.State;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RNN, GRU and LSTM as the specification writes them, with all its attributes, sequence by sequence
 * and step by step. The arithmetic is that of doubles whatever the tensors are of; states are
 * rounded to the tensors' type after each step, as if each step were a run of its own.
 *
 * <p>What the specification leaves open is as ONNX Runtime has it: {@code clip} bounds what goes
 * into f and g, and not what goes into the LSTM's h; outputs after a sequence's end are zeros, as
 * are the last states of a sequence without any step.
 */
final class PlainRecurrent implements RecurrentRun {

  private final RecurrentParameters parameters;
  private final List<PlainWay> ways = new ArrayList<>();

  PlainRecurrent(RecurrentParameters parameters) {
    this.parameters = parameters;
    for (int way = 0; way < parameters.form().directions(); way++) {
      ways.add(PlainWay.of(parameters, way));
    }
  }

  @Override
  public List<Tensor> run(RecurrentInput input, Workers workers) {
    double[] x = input.x().doubles();
    double[] h = doubles(input.h());
    double[] c = doubles(input.c());
    var out = new RecurrentOutput(input);
    workers.run(
        ways.size() * input.batch(),
        1,
        (from, to) -> {
          for (int item = from; item < to; item++) {
            int way = item / input.batch();
            int row = item % input.batch();
            int at = input.stateAt(way, row);
            var state = new State(start(h, at), start(c, at));
            run(input, x, way, row, state, out);
          }
        });
    return out.tensors();
  }

  private void run(
      RecurrentInput input, double[] x, int way, int row, State state, RecurrentOutput out) {
    PlainWay cell = ways.get(way);
    int length = input.lengths()[row];
    for (int i = 0; i < length; i++) {
      int step = cell.reverse() ? length - 1 - i : i;
      cell.step(x, input.xAt(step, row), state);
      out.round(state);
      out.putStep(step, way, row, state);
    }
    if (length > 0) {
      out.putEnd(way, row, state);
    }
  }

  private double[] start(double[] states, int at) {
    int hidden = parameters.hidden();
    return states.length == 0 ? new double[hidden] : Arrays.copyOfRange(states, at, at + hidden);
  }

  private static double[] doubles(@Nullable Tensor tensor) {
    return tensor == null ? new double[0] : tensor.doubles();
  }
}
