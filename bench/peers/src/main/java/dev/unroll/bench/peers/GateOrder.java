package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import java.util.List;

/**
 * The order of a cell's gates in a peer.
 *
 * @param gates for each position the index of the gate in {@link Cell}: Γu, Γf, c̃, Γo of an LSTM,
 *     Γu, Γr, c̃ of a GRU
 */
record GateOrder(List<Integer> gates) {

  /** The sigmoid gates of an LSTM next to one another, so that one operation computes them. */
  static final GateOrder SIGMOIDS_FIRST = new GateOrder(List.of(0, 1, 3, 2));

  /** Returns PyTorch's i, f, g, o or r, z, n. */
  static GateOrder pytorch(Cell cell) {
    return new GateOrder(cell == Cell.LSTM ? List.of(0, 1, 2, 3) : List.of(1, 0, 2));
  }

  /** Returns ONNX's i, o, f, c or z, r, h. */
  static GateOrder onnx(Cell cell) {
    return new GateOrder(cell == Cell.LSTM ? List.of(0, 3, 1, 2) : List.of(0, 1, 2));
  }

  /**
   * Returns the rows of all gates in this order. The update gate of a GRU is negated: the peers' z
   * is the share of the old state, Γu that of the candidate, and 1 - σ(x) = σ(-x).
   *
   * @param values [G·H][columns], in the order of {@link Cell}
   */
  float[] reorder(float[] values, Case work) {
    int size = values.length / gates.size();
    float[] ordered = new float[values.length];
    for (int place = 0; place < gates.size(); place++) {
      int gate = gates.get(place);
      float sign = work.cell() == Cell.GRU && gate == 0 ? -1 : 1;
      for (int i = 0; i < size; i++) {
        ordered[place * size + i] = sign * values[gate * size + i];
      }
    }
    return ordered;
  }
}
