package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/**
 * The meaning of an ONNX operator. Bad inputs are an {@link IllegalArgumentException} that says
 * what is wrong; who runs the graph adds the node's name.
 */
@FunctionalInterface
public interface Operator {

  /**
   * The outputs in the operator's order, as many as the node names or more. Called by any number of
   * threads at a time.
   */
  List<Tensor> run(Call call);

  /**
   * Returns an operator of the same meaning for one node, which may have worked ahead on inputs
   * that never change, such as packed its weights.
   *
   * @param constants what is known of the node's calls: all but the inputs that are not constant,
   *     which are null as those that are left out
   */
  default Operator prepared(Call constants) {
    return this;
  }

  /** Whether it runs on the recurrent engine rather than in plain arithmetic. */
  default boolean isOnEngine() {
    return false;
  }
}
