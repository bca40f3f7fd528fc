package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.recurrent.PlainWay.State;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * RNN, GRU and LSTM as the specification writes them, with all its attributes, sequence by sequence
 * and step by step. The arithmetic is that of doubles whatever the tensors are of; states are
 * rounded to the tensors' type after each step, as if each step were a run of its own.
 *
 * <p>What the specification leaves open is as ONNX Runtime has it: {@code clip} bounds what goes
 * into f and g, and not what goes into the LSTM's h. A sequence without any step ends with the
 * state that it begins with, as in the reference implementation of the ONNX project; ONNX Runtime
 * answers zeros there.
 */
final class PlainRecurrent implements RecurrentRun {

  private final List<PlainWay> ways = new ArrayList<>();

  PlainRecurrent(RecurrentParameters parameters) {
    for (int way = 0; way < parameters.form().directions(); way++) {
      ways.add(way(parameters, way));
    }
  }

  private static PlainWay way(RecurrentParameters parameters, int way) {
    var weights = PlainWeights.of(parameters, way);
    RecurrentForm form = parameters.form();
    return switch (form.kind()) {
      case RNN -> new PlainRnn(weights, form, way);
      case GRU -> new PlainGru(weights, form, way);
      case LSTM -> new PlainLstm(weights, form, way);
    };
  }

  @Override
  public List<Tensor> run(RecurrentInput input, Workers workers) {
    double[] x = input.x().doubles();
    var out = new RecurrentOutput(input);
    workers.run(
        ways.size() * input.batch(),
        1,
        (from, to) -> {
          for (int item = from; item < to; item++) {
            int way = item / input.batch();
            int row = item % input.batch();
            run(input, x, way, row, out);
          }
        });
    return out.tensors();
  }

  private void run(RecurrentInput input, double[] x, int way, int row, RecurrentOutput out) {
    PlainWay cell = ways.get(way);
    State state = State.before(input, way, row);
    int length = input.lengths()[row];
    for (int i = 0; i < length; i++) {
      int step = cell.reverse() ? length - 1 - i : i;
      cell.step(x, input.xAt(step, row), state);
      out.round(state);
      out.putStep(step, way, row, state);
    }
    out.putEnd(way, row, state);
  }
}
