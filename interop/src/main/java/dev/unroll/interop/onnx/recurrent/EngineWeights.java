package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parameters of one direction as the engine has them: gates in its order, one bias where
 * ONNX has two, and the GRU's update gate as the share of the new state, which ONNX has as that of
 * the old: σ(-v) = 1 - σ(v), so its weights and biases change their sign.
 */
final class EngineWeights {

  /** The engine's peepholes u, f, o among ONNX's i, o, f. */
  private static final List<Integer> PEEPHOLES = List.of(0, 2, 1);

  private final RecurrentParameters parameters;
  private final int way;
  private final int hidden;
  private final List<Integer> gates;

  private EngineWeights(RecurrentParameters parameters, int way) {
    this.parameters = parameters;
    this.way = way;
    hidden = parameters.hidden();
    gates = gates(parameters.form().kind());
  }

  /** The gates of the engine's cells as places among ONNX's. */
  private static List<Integer> gates(RecurrentKind kind) {
    return switch (kind) {
      case RNN -> List.of(0); // a of h
      case GRU -> List.of(0, 1, 2); // u, r, c of z, r, h
      case LSTM -> List.of(0, 2, 3, 1); // u, f, c, o of i, o, f, c
    };
  }

  /** The flat parameters of a layer that was laid out with {@code layout}. */
  static float[] flat(RecurrentParameters parameters, int way, Layout layout) {
    var weights = new EngineWeights(parameters, way);
    var flat = new float[layout.size()];
    for (Slice slice : layout.slices()) {
      weights.write(slice, flat);
    }
    return flat;
  }

  private void write(Slice slice, float[] flat) {
    switch (slice.name()) {
      case "input.weight" -> writeGates(parameters.w(), parameters.inputs(), slice, flat);
      case "recurrent.weight" -> writeGates(parameters.r(), hidden, slice, flat);
      case "bias" -> writeBiases(slice, flat);
      case "recurrent.bias" -> writeInnerBias(slice, flat);
      case "peephole.weight" -> writePeepholes(slice, flat);
      default -> throw new IllegalStateException(slice.name());
    }
  }

  private void writeGates(Tensor tensor, int columns, Slice slice, float[] flat) {
    var source = (float[]) tensor.elements();
    int count = hidden * columns;
    for (int gate = 0; gate < gates.size(); gate++) {
      int from = way * gates.size() * count + gates.get(gate) * count;
      int to = slice.offset() + gate * count;
      for (int i = 0; i < count; i++) {
        flat[to + i] = sign(gate) * source[from + i];
      }
    }
  }

  private void writeBiases(Slice slice, float[] flat) {
    boolean resetAfter = parameters.form().linearBeforeReset();
    for (int gate = 0; gate < gates.size(); gate++) {
      boolean onlyOfInput = resetAfter && gate == gates.size() - 1;
      for (int j = 0; j < hidden; j++) {
        float both = ofInput(gate, j) + (onlyOfInput ? 0 : ofState(gate, j));
        flat[slice.offset() + gate * hidden + j] = sign(gate) * both;
      }
    }
  }

  /** The candidate's bias within the reset gate's reach. */
  private void writeInnerBias(Slice slice, float[] flat) {
    for (int j = 0; j < hidden; j++) {
      flat[slice.offset() + j] = ofState(gates.size() - 1, j);
    }
  }

  private void writePeepholes(Slice slice, float[] flat) {
    Tensor p = parameters.p();
    for (int row = 0; p != null && row < PEEPHOLES.size(); row++) {
      int from = (way * PEEPHOLES.size() + PEEPHOLES.get(row)) * hidden;
      System.arraycopy(p.elements(), from, flat, slice.offset() + row * hidden, hidden);
    }
  }

  private float sign(int gate) {
    return parameters.form().kind() == RecurrentKind.GRU && gate == 0 ? -1 : 1;
  }

  private float ofInput(int gate, int unit) {
    return bias(parameters.b(), gates.get(gate) * hidden + unit);
  }

  private float ofState(int gate, int unit) {
    return bias(parameters.b(), (gates.size() + gates.get(gate)) * hidden + unit);
  }

  private float bias(@Nullable Tensor b, int index) {
    return b == null ? 0 : ((float[]) b.elements())[2 * way * gates.size() * hidden + index];
  }
}
