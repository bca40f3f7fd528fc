package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.layer.LayerState;
import java.util.List;

/** The outputs of a run on the engine; zeros where nothing is put. */
final class EngineOutput {

  private final RecurrentInput input;
  private final int hidden;
  private final boolean one;
  private float[] y = {};
  private float[] h = {};
  private float[] c = {};

  EngineOutput(RecurrentInput input) {
    this.input = input;
    hidden = input.sizes().hidden();
    one = input.sizes().form().directions() == 1;
    if (!one) {
      y = new float[input.yShape().size()];
      h = new float[input.stateShape().size()];
      c = new float[input.sizes().form().kind() == RecurrentKind.LSTM ? h.length : 0];
    }
  }

  /** Puts the output of the only step of the only sequence, which is its last state, too. */
  void putFirst(int way, float[] output) {
    if (one) {
      y = output;
    } else {
      putStep(0, way, 0, output, 0);
    }
  }

  /** Returns the room for the outputs of all steps. */
  float[] all() {
    if (one) {
      y = new float[input.yShape().size()];
    }
    return y;
  }

  /** Puts the output of a step of one sequence. */
  void putStep(int step, int way, int row, float[] source, int at) {
    System.arraycopy(source, at, y, input.yAt(step, way, row), hidden);
  }

  /** Puts the outputs of a step of all sequences, which lie one after the other. */
  void putSteps(int step, int way, float[] source, int at) {
    if (input.sizes().form().batchFirst()) {
      for (int row = 0; row < input.batch(); row++) {
        putStep(step, way, row, source, at + row * hidden);
      }
    } else {
      System.arraycopy(source, at, y, input.yAt(step, way, 0), input.batch() * hidden);
    }
  }

  /** Puts the states after the last steps, which nobody else may have. */
  void putEnd(int way, LayerState end) {
    if (one) {
      h = end.a();
      c = end.c();
    } else {
      put(end.a(), way, h);
      put(end.c(), way, c);
    }
  }

  private void put(float[] states, int way, float[] target) {
    for (int row = 0; row < states.length / hidden; row++) {
      System.arraycopy(states, row * hidden, target, input.stateAt(way, row), hidden);
    }
  }

  /** Y, Y_h and, of an LSTM, Y_c. */
  List<Tensor> tensors() {
    Shape ofStates = input.stateShape();
    Tensor all = Tensor.adopt(ElementType.FLOAT, input.yShape(), y);
    Tensor last = Tensor.adopt(ElementType.FLOAT, ofStates, h);
    return input.sizes().form().kind() == RecurrentKind.LSTM
        ? List.of(all, last, Tensor.adopt(ElementType.FLOAT, ofStates, c))
        : List.of(all, last);
  }
}
