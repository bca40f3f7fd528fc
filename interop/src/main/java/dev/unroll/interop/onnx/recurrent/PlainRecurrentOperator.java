package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** RNN, GRU or LSTM of opsets 7 to 24, each run by itself in plain arithmetic. */
record PlainRecurrentOperator(RecurrentKind kind) implements Operator {

  @Override
  public List<Tensor> run(Call call) {
    var form = RecurrentForm.of(kind, call.attributes());
    var parameters = RecurrentParameters.of(form, call.inputs());
    var input = RecurrentInput.of(parameters, call.inputs());
    return new PlainRecurrent(parameters).run(input, Workers.single());
  }
}
