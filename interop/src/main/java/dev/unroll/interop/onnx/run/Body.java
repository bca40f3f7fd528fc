package dev.unroll.interop.onnx.run;

import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A graph in a node.
 *
 * @param captured places, in the frame of the graph around it, of what it reads there
 */
record Body(Graph graph, Plan plan, int[] captured) {

  /** Returns what the graph reads of the frame around it. */
  List<Tensor> around(@Nullable Tensor[] frame) {
    return Plan.read(frame, captured);
  }
}
