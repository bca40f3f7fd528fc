package dev.unroll.interop.onnx.run;

import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that runs one of two graphs. */
record IfStep(Places places, Body then, Body otherwise) implements Plan.Step {

  @Override
  public void run(@Nullable Tensor[] frame, Execution execution) {
    places.compute(
        frame,
        inputs -> {
          Body chosen = Scalars.flag("the condition", inputs.getFirst()) ? then : otherwise;
          return chosen.plan().run(List.of(), chosen.around(frame), execution);
        });
  }
}
