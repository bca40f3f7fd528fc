package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/**
 * RNN, GRU or LSTM: standard cells run on the engine, all else in plain arithmetic. Nodes whose
 * weights are constants are {@link #prepared}; others pack their weights for each run.
 */
record RecurrentOperator(RecurrentKind kind) implements Operator {

  @Override
  public List<Tensor> run(Call call) {
    var parameters =
        RecurrentParameters.of(RecurrentForm.of(kind, call.attributes()), call.inputs());
    var input = RecurrentInput.of(parameters.sizes(), call.inputs());
    return runOf(parameters, call.workers()).run(input, call.workers());
  }

  @Override
  public Operator prepared(Call constants) {
    var form = RecurrentForm.of(kind, constants.attributes());
    if (constants.optional(1) == null || constants.optional(2) == null) {
      return this;
    }
    var parameters = RecurrentParameters.of(form, constants.inputs());
    return new PreparedRecurrent(
        this,
        constants,
        parameters.sizes(),
        runOf(parameters, constants.workers()),
        EngineChoice.whyPlain(parameters));
  }

  private static RecurrentRun runOf(RecurrentParameters parameters, Workers workers) {
    return EngineChoice.whyPlain(parameters).isEmpty()
        ? new EngineRecurrent(parameters, workers)
        : new PlainRecurrent(parameters);
  }
}
