package dev.unroll.interop.onnx.run;

import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a graph runs: each of its values has a place in a frame, and each step reads and writes
 * places. Constants are in the frame from the beginning.
 *
 * @param inputs places of the graph's inputs
 * @param captured places of what it reads of the graphs around it
 * @param outputs places of its outputs
 * @param constants a frame with the constants
 */
record Plan(
    int[] inputs, int[] captured, int[] outputs, List<Step> steps, @Nullable Tensor[] constants) {

  /** One thing to do. */
  interface Step {
    void run(@Nullable Tensor[] frame, Execution execution);
  }

  /**
   * Runs the graph.
   *
   * @param given the inputs, null where the frame has a constant
   * @param around what it captures
   */
  List<Tensor> run(
      List<? extends @Nullable Tensor> given, List<Tensor> around, Execution execution) {
    @Nullable Tensor[] frame = constants.clone();
    for (int i = 0; i < inputs.length; i++) {
      Tensor input = given.get(i);
      if (input != null) {
        frame[inputs[i]] = input;
      }
    }
    for (int i = 0; i < captured.length; i++) {
      frame[captured[i]] = around.get(i);
    }
    for (Step each : steps) {
      each.run(frame, execution);
    }
    return read(frame, outputs);
  }

  /** Returns the values at some places, which are all there. */
  static List<Tensor> read(@Nullable Tensor[] frame, int[] places) {
    var values = new ArrayList<Tensor>(places.length);
    for (int place : places) {
      values.add(Objects.requireNonNull(frame[place]));
    }
    return values;
  }
}
