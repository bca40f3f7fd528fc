package dev.unroll.interop.onnx.run;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Where a node finds its inputs and leaves its outputs.
 *
 * @param inputs places in the frame, {@link #NONE} where an input is left out
 * @param outputs places in the frame, {@link #NONE} where an output is not wanted
 * @param last places that nobody reads after this node
 */
record Places(Node node, int[] inputs, int[] outputs, int[] last) {

  static final int NONE = -1;

  private static final String FIX =
      "Check the inputs; if they are as the model needs them, the model cannot be run here.";

  /** What a node computes. */
  interface Computation {
    List<Tensor> outputs(List<@Nullable Tensor> inputs);
  }

  /** Computes the outputs from the inputs, and names the node and its inputs in what goes wrong. */
  void compute(@Nullable Tensor[] frame, Computation computation) {
    List<@Nullable Tensor> values = read(frame);
    try {
      write(frame, computation.outputs(values));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InputException(node.label() + ": " + e.getMessage() + described(values), FIX);
    } catch (OutOfMemoryError e) { // of one tensor that is too large: the rest is as it was
      throw new InputException(
          node.label() + " needs more memory than there is" + described(values),
          "Give the JVM a larger heap, such as -Xmx8g, if you trust the model.");
    }
  }

  private List<@Nullable Tensor> read(@Nullable Tensor[] frame) {
    var values = new ArrayList<@Nullable Tensor>(inputs.length);
    for (int place : inputs) {
      values.add(place == NONE ? null : frame[place]);
    }
    return values;
  }

  private void write(@Nullable Tensor[] frame, List<Tensor> values) {
    if (values.size() < outputs.length) {
      throw new IllegalArgumentException(
          "it has " + outputs.length + " outputs, but computes " + values.size());
    }
    for (int place : last) {
      frame[place] = null;
    }
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] != NONE) {
        frame[outputs[i]] = values.get(i);
      }
    }
  }

  private String described(List<@Nullable Tensor> values) {
    var all = new StringJoiner(", ", " (inputs: ", ")");
    for (int i = 0; i < values.size(); i++) {
      Tensor value = values.get(i);
      if (value != null) {
        all.add(node.inputs().get(i) + " " + value);
      }
    }
    return all.toString();
  }
}
