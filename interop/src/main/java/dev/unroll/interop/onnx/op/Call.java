package dev.unroll.interop.onnx.op;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator receives when it runs.
 *
 * @param opset the version of the operator set that the model names for the operator's domain
 * @param inputs in the operator's order, null where an optional one is left out
 * @param outputs how many outputs the node names
 * @param workers threads that may share the work; they change no bit of the outputs
 */
public record Call(
    Attributes attributes, int opset, List<@Nullable Tensor> inputs, int outputs, Workers workers) {

  /** Creates a call for one thread. */
  public Call(Attributes attributes, int opset, List<@Nullable Tensor> inputs, int outputs) {
    this(attributes, opset, inputs, outputs, Workers.single());
  }

  /**
   * An input that must be there.
   *
   * @throws IllegalArgumentException if it is not
   */
  public Tensor input(int index) {
    Tensor tensor = optional(index);
    if (tensor == null) {
      throw new IllegalArgumentException("input " + index + " is missing");
    }
    return tensor;
  }

  /** An input, or null where it is left out. */
  public @Nullable Tensor optional(int index) {
    return index < inputs.size() ? inputs.get(index) : null;
  }
}
