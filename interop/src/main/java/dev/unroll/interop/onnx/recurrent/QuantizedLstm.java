package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.recurrent.PlainWay.State;
import dev.unroll.interop.onnx.recurrent.QuantizedWeights.Row;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The LSTM that ONNX Runtime's quantization writes, {@code com.microsoft.DynamicQuantizeLSTM}:
 * weights in 8 bits, inputs and states rounded to 8 bits in each run. As in ONNX Runtime all inputs
 * share one scale, and so do the states of all sequences at a step. So what a sequence gives
 * depends on the others in its batch; ONNX Runtime with several threads gives each of them a part
 * of the batch with a scale of its own, here it is the whole batch always.
 */
final class QuantizedLstm implements RecurrentRun {

  private final RecurrentSizes sizes;
  private final List<QuantizedWeights> ofInput;
  private final List<QuantizedWeights> ofState;
  private final List<PlainLstm> gates = new ArrayList<>();

  /**
   * Reads a node's parameters: W [directions][inputs][4·hidden] and R
   * [directions][hidden][4·hidden] with scales and zero points, biases and peepholes.
   *
   * @throws IllegalArgumentException if one is missing or does not fit the others
   */
  QuantizedLstm(RecurrentForm form, Call call) {
    Tensor w = Shapes.present("W", call.optional(1));
    Tensor r = Shapes.present("R", call.optional(2));
    Shapes.checkRank("W", w, 3, "directions×inputs×4·hidden");
    Shapes.checkRank("R", r, 3, "directions×hidden×4·hidden");
    Shapes.checkNotEmpty("W", w);
    Shapes.checkNotEmpty("R", r);
    int ways = form.directions();
    int hidden = form.hidden() > 0 ? form.hidden() : r.shape().axis(1);
    int width = Shapes.times(4, hidden);
    Shapes.check("W", w, "directions×inputs×4·hidden", ways, w.shape().axis(1), width);
    Shapes.check("R", r, "directions×hidden×4·hidden", ways, hidden, width);
    ofInput = QuantizedWeights.of("W", w, call.optional(8), call.optional(9));
    ofState = QuantizedWeights.of("R", r, call.optional(10), call.optional(11));
    sizes = new RecurrentSizes(form, ElementType.FLOAT, w.shape().axis(1), hidden);
    for (int way = 0; way < ways; way++) {
      gates.add(
          new PlainLstm(
              PlainWeights.of(sizes, call.optional(3), call.optional(7), way), form, way));
    }
  }

  RecurrentSizes sizes() {
    return sizes;
  }

  @Override
  public List<Tensor> run(RecurrentInput input, Workers workers) {
    var out = new RecurrentOutput(input);
    for (int way = 0; way < gates.size(); way++) {
      run(input, way, out);
    }
    return out.tensors();
  }

  private void run(RecurrentInput input, int way, RecurrentOutput out) {
    int longest = Arrays.stream(input.lengths()).max().orElse(0);
    Row x = QuantizedWeights.quantize(inputs(input, longest));
    List<State> states = new ArrayList<>();
    for (int row = 0; row < input.batch(); row++) {
      states.add(State.before(input, way, row));
    }
    boolean reverse = gates.get(way).reverse();
    for (int i = 0; i < longest; i++) {
      Row h = QuantizedWeights.quantize(outputs(states, input.lengths(), i));
      for (int row = 0; row < input.batch(); row++) {
        int length = input.lengths()[row];
        if (i < length) {
          int step = reverse ? length - 1 - i : i;
          State state = states.get(row);
          step(way, x, input.xAt(step, row), h, row, state);
          out.round(state);
          out.putStep(step, way, row, state);
        }
      }
    }
    for (int row = 0; row < input.batch(); row++) {
      out.putEnd(way, row, states.get(row));
    }
  }

  private void step(int way, Row x, int at, Row h, int row, State state) {
    PlainLstm cell = gates.get(way);
    double[] z = cell.weights().biases();
    ofInput.get(way).addProduct(x, at, z);
    ofState.get(way).addProduct(h, row * sizes.hidden(), z);
    cell.gates(z, state);
  }

  /** The inputs of all sequences, those after their ends too, up to the longest one's end. */
  private float[] inputs(RecurrentInput input, int longest) {
    return Arrays.copyOf((float[]) input.x().elements(), longest * input.batch() * sizes.inputs());
  }

  /** The outputs before a step, zeros of sequences that have ended before. */
  private float[] outputs(List<State> states, int[] lengths, int step) {
    int hidden = sizes.hidden();
    var outputs = new float[states.size() * hidden];
    for (int row = 0; row < states.size(); row++) {
      for (int j = 0; j < hidden && (step == 0 || step <= lengths[row]); j++) {
        outputs[row * hidden + j] = (float) states.get(row).h()[j];
      }
    }
    return outputs;
  }
}
