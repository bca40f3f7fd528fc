package dev.unroll.interop.onnx.run;

import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A node that is an operator.
 *
 * @param opset the version of its domain's operators
 */
record OperatorStep(Places places, Operator operator, int opset) implements Plan.Step {

  @Override
  public void run(@Nullable Tensor[] frame, Execution execution) {
    places.compute(
        frame,
        inputs ->
            operator.run(
                new Call(
                    places.node().attributes(),
                    opset,
                    inputs,
                    places.outputs().length,
                    execution.workers())));
  }
}
