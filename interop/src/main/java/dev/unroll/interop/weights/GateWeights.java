package dev.unroll.interop.weights;

import dev.unroll.interop.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one gate. H is the number of units, I that of inputs, P that of outputs: H, or
 * fewer with a projection.
 *
 * @param input W, [H][I]
 * @param recurrent R, [H][P]
 * @param inputBias b, [H]; null for zeros
 * @param recurrentBias b′, [H]; null for zeros
 * @param peephole the diagonal that the memory is multiplied with, [H]; null for none
 */
public record GateWeights(
    Tensor input,
    Tensor recurrent,
    @Nullable Tensor inputBias,
    @Nullable Tensor recurrentBias,
    @Nullable Tensor peephole) {

  /** The same gate that sees the memory through these weights, [H]. */
  public GateWeights withPeephole(@Nullable Tensor diagonal) {
    return new GateWeights(input, recurrent, inputBias, recurrentBias, diagonal);
  }

  /** The same gate with all signs changed. */
  GateWeights negated() {
    return new GateWeights(
        Matrices.negated(input),
        Matrices.negated(recurrent),
        inputBias == null ? null : Matrices.negated(inputBias),
        recurrentBias == null ? null : Matrices.negated(recurrentBias),
        peephole == null ? null : Matrices.negated(peephole));
  }
}
