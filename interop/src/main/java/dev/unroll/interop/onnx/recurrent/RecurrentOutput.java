package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.recurrent.PlainWay.State;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The outputs of a run while they are computed in doubles; zeros where nothing is put. */
final class RecurrentOutput {

  private final RecurrentInput input;
  private final ElementType type;
  private final double[] y;
  private final double[] h;
  private final double[] c;

  RecurrentOutput(RecurrentInput input) {
    this.input = input;
    type = input.sizes().type();
    y = new double[input.yShape().size()];
    h = new double[input.stateShape().size()];
    c = new double[input.sizes().form().kind() == RecurrentKind.LSTM ? h.length : 0];
  }

  /** Rounds a state to the outputs' type. */
  void round(State state) {
    round(state.h());
    round(state.c());
  }

  private void round(double[] values) {
    for (int j = 0; type != ElementType.DOUBLE && j < values.length; j++) {
      values[j] = ElementBytes.rounded((float) values[j], type);
    }
  }

  /** Puts the output of a step. */
  void putStep(int step, int way, int row, State state) {
    System.arraycopy(state.h(), 0, y, input.yAt(step, way, row), state.h().length);
  }

  /** Puts the state after a sequence's last step. */
  void putEnd(int way, int row, State state) {
    int at = input.stateAt(way, row);
    System.arraycopy(state.h(), 0, h, at, state.h().length);
    if (c.length > 0) {
      System.arraycopy(state.c(), 0, c, at, state.c().length);
    }
  }

  /** Y, Y_h and, of an LSTM, Y_c. */
  List<Tensor> tensors() {
    var tensors = new ArrayList<Tensor>();
    tensors.add(tensor(input.yShape(), y));
    tensors.add(tensor(input.stateShape(), h));
    if (input.sizes().form().kind() == RecurrentKind.LSTM) {
      tensors.add(tensor(input.stateShape(), c));
    }
    return tensors;
  }

  private Tensor tensor(Shape shape, double[] values) {
    if (type == ElementType.DOUBLE) {
      return Tensor.adopt(type, shape, values);
    }
    var floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.adopt(type, shape, floats);
  }
}
