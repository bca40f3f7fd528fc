package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;

/**
 * The weights of one layer in a peer's order of gates. Both peers add two biases, one to the
 * product with the inputs and one to that with the state. The second is only needed in a GRU's
 * candidate, where the reset gate multiplies it; the rest of it is zero.
 *
 * @param input [G·H][H]
 * @param recurrent [G·H][H]
 * @param bias [G·H]
 * @param recurrentBias of a GRU's candidate, [H]; empty for an LSTM
 */
record LayerWeights(float[] input, float[] recurrent, float[] bias, float[] recurrentBias) {

  static LayerWeights of(Case work, int layer, GateOrder order) {
    return new LayerWeights(
        order.reorder(Numbers.parameters(Kind.INPUT_WEIGHT, layer, work), work),
        order.reorder(Numbers.parameters(Kind.RECURRENT_WEIGHT, layer, work), work),
        order.reorder(Numbers.parameters(Kind.BIAS, layer, work), work),
        work.cell() == Cell.GRU
            ? Numbers.parameters(Kind.RECURRENT_BIAS, layer, work)
            : new float[0]);
  }

  /** Returns the second bias of all gates, [G·H]; the candidate is the last of a GRU's gates. */
  float[] wholeRecurrentBias() {
    float[] whole = new float[bias.length];
    System.arraycopy(
        recurrentBias, 0, whole, bias.length - recurrentBias.length, recurrentBias.length);
    return whole;
  }

  /** Returns the weights of inputs and state, concatenated, [G·H][2·H]. */
  float[] joined() {
    int rows = bias.length;
    int units = input.length / rows;
    float[] joined = new float[2 * input.length];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(input, row * units, joined, 2 * row * units, units);
      System.arraycopy(recurrent, row * units, joined, (2 * row + 1) * units, units);
    }
    return joined;
  }
}
