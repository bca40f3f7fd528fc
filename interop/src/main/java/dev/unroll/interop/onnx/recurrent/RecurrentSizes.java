package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the inputs of a run must fit.
 *
 * @param type the type of all numbers but quantized weights and lengths
 * @param inputs the number of inputs of a step
 * @param hidden the number of units
 */
record RecurrentSizes(RecurrentForm form, ElementType type, int inputs, int hidden) {

  /** Refuses biases that are not [directions][2·gates·hidden]. */
  void checkBiases(@Nullable Tensor b) {
    if (b != null) {
      int width = Shapes.times(2 * form.kind().gates(), hidden);
      Shapes.check("B", b, "directions×2·" + form.kind().width(), form.directions(), width);
      Shapes.checkType("B", b, type);
    }
  }

  /** Refuses peepholes that are not [directions][3·hidden]. */
  void checkPeepholes(@Nullable Tensor p) {
    if (p != null) {
      Shapes.check("P", p, "directions×3·hidden", form.directions(), Shapes.times(3, hidden));
      Shapes.checkType("P", p, type);
    }
  }
}
