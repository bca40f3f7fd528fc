package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** {@code com.microsoft.DynamicQuantizeLSTM}: see {@link QuantizedLstm}. */
record QuantizedLstmOperator() implements Operator {

  @Override
  public List<Tensor> run(Call call) {
    var lstm = new QuantizedLstm(form(call), call);
    return lstm.run(RecurrentInput.of(lstm.sizes(), call.inputs()), call.workers());
  }

  @Override
  public Operator prepared(Call constants) {
    RecurrentForm form = form(constants);
    if (IntStream.of(1, 2, 8, 10).anyMatch(place -> constants.optional(place) == null)) {
      return this;
    }
    var lstm = new QuantizedLstm(form, constants);
    return new PreparedRecurrent(this, constants, lstm.sizes(), lstm, "weights in 8 bits");
  }

  /** Layout 1 is not an attribute of this operator. */
  private static RecurrentForm form(Call call) {
    if (call.attributes().has("layout")) {
      throw new IllegalArgumentException("DynamicQuantizeLSTM has no layout");
    }
    return RecurrentForm.of(RecurrentKind.LSTM, call.attributes());
  }
}
