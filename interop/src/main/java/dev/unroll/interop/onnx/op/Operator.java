package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/**
 * The meaning of an ONNX operator. Bad inputs are an {@link IllegalArgumentException} that says
 * what is wrong; who runs the graph adds the node's name.
 */
@FunctionalInterface
public interface Operator {

  /** The outputs in the operator's order, as many as the node names or more. */
  List<Tensor> run(Call call);
}
