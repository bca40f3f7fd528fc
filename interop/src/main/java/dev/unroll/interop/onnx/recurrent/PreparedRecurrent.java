package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A recurrent node whose weights are constants: they are checked and packed when it is created. */
final class PreparedRecurrent implements Operator {

  private final Operator unprepared;
  private final RecurrentParameters parameters;
  private final RecurrentRun run;

  PreparedRecurrent(Operator unprepared, RecurrentParameters parameters, RecurrentRun run) {
    this.unprepared = unprepared;
    this.parameters = parameters;
    this.run = run;
  }

  @Override
  public List<Tensor> run(Call call) {
    if (!isAsPrepared(call.inputs())) {
      return unprepared.run(call); // of biases or peepholes that are computed, which looked absent
    }
    return run.run(RecurrentInput.of(parameters, call.inputs()), call.workers());
  }

  private boolean isAsPrepared(List<@Nullable Tensor> inputs) {
    return Shapes.at(inputs, 1) == parameters.w()
        && Shapes.at(inputs, 2) == parameters.r()
        && Shapes.at(inputs, 3) == parameters.b()
        && (parameters.form().kind() != RecurrentKind.LSTM
            || Shapes.at(inputs, 7) == parameters.p());
  }

  @Override
  public boolean isOnEngine() {
    return run instanceof EngineRecurrent;
  }

  /** Why it runs in plain arithmetic; empty on the engine. */
  String whyPlain() {
    return EngineChoice.whyPlain(parameters);
  }
}
