package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.cell.Cell;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.LayerStream;
import dev.unroll.layer.LayerTape;
import dev.unroll.layer.RecurrentLayer;
import dev.unroll.layer.RecurrentWeights;
import dev.unroll.layer.Steps;
import dev.unroll.task.Pool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a recurrent node on the engine, its weights packed. For any number of threads.
 */
final class EngineWay {

  /** Floats in the buffers of a run that are kept for the next one: 256 MiB. */
  private static final long MOST_KEPT = 1 << 26;

  private final RecurrentParameters parameters;
  private final int way;
  private final boolean reverse;
  private final RecurrentLayer layer;
  private final RecurrentWeights weights;
  private final LayerState zero;
  private final Pool<Buffers> pool;

  EngineWay(RecurrentParameters parameters, int way, Workers workers) {
    this.parameters = parameters;
    this.way = way;
    RecurrentForm form = parameters.form();
    RecurrentForm.Way own = form.ways().get(way);
    reverse = own.reverse();
    Cell cell = EngineChoice.cell(form, own, parameters.p() != null).orElseThrow();
    var layout = new Layout();
    layer = new RecurrentLayer(cell, parameters.inputs(), parameters.hidden(), "", layout);
    weights = layer.newWeights();
    weights.packForward(EngineWeights.flat(parameters, way, layout), workers);
    zero = layer.zeroState(1);
    long perRow = 3L * parameters.width() + parameters.inputs();
    pool = new Pool<>(MOST_KEPT / perRow, Buffers::new);
  }

  /** What a run writes to, and the next one again. */
  private final class Buffers {
    private final LayerTape tape = layer.newTape(false);
    private final LayerStream stream = new LayerStream(layer, weights);
    private int[] lengths = {};
    private Steps steps = Steps.of();
    private float[] inputs = {};

    Steps steps(int[] wanted) {
      if (!Arrays.equals(lengths, wanted)) {
        lengths = wanted;
        steps = Steps.of(wanted);
      }
      return steps;
    }
  }

  /** Computes all steps of all sequences and puts the outputs where they belong. */
  void run(RecurrentInput input, EngineOutput out, Workers workers) {
    if (input.steps() == 1 && input.batch() == 1 && input.lengths()[0] == 1) {
      pool.run(1, buffers -> step(input, out, buffers.stream));
    } else {
      long rows = (long) input.steps() * input.batch();
      pool.run(rows, buffers -> run(input, out, buffers, workers));
    }
  }

  /** A stream's way: nothing is built, and nothing grows with the layer but the outputs. */
  private void step(RecurrentInput input, EngineOutput out, LayerStream stream) {
    LayerState start = start(input);
    stream.restore(start == null ? zero : start);
    stream.step(Matrix.of((float[]) input.x().elements(), 1, parameters.inputs()));
    LayerState end = stream.state();
    out.putEnd(way, end);
    out.putFirst(way, end.a());
  }

  private void run(RecurrentInput input, EngineOutput out, Buffers buffers, Workers workers) {
    Steps steps = buffers.steps(input.lengths());
    LayerState start = start(input);
    LayerState begin = start == null ? layer.zeroState(input.batch()) : start;
    float[] y = out.all();
    LayerTape tape = buffers.tape;
    tape.begin(steps);
    boolean inPlace = isInOrder(steps) && parameters.form().directions() == 1;
    if (inPlace) {
      tape.writeTo(y);
    }
    layer.forward(weights, inputs(input, steps, buffers), begin, tape, workers);
    out.putEnd(way, layer.endState(begin, tape));
    if (inPlace) {
      tape.giveBack();
    } else {
      put(steps, tape.output(), out);
    }
  }

  /** Whether the rows of the engine are those of the node's inputs, in their order. */
  private boolean isInOrder(Steps steps) {
    return isWhole(steps) && !reverse && !parameters.form().batchFirst();
  }

  private void put(Steps steps, Matrix y, EngineOutput out) {
    boolean whole = isWhole(steps);
    for (int t = 0; t < steps.length(); t++) {
      if (whole) {
        out.putSteps(reverse ? steps.length() - 1 - t : t, way, y.data(), y.row(steps.row(t, 0)));
      } else {
        putRagged(steps, t, y, out);
      }
    }
  }

  /** Whether all sequences go through the same steps. */
  private static boolean isWhole(Steps steps) {
    return steps.rows() == steps.length() * steps.batch();
  }

  private void putRagged(Steps steps, int t, Matrix y, EngineOutput out) {
    int end = steps.row(t, steps.batch());
    for (int row = steps.row(t, 0); row < end; row++) {
      int sequence = steps.sequence(row);
      int step = reverse ? steps.length(sequence) - 1 - t : t;
      out.putStep(step, way, sequence, y.data(), y.row(row));
    }
  }

  /** The inputs in the engine's rows: as they lie, where that is in the order of the rows. */
  private Matrix inputs(RecurrentInput input, Steps steps, Buffers buffers) {
    var x = (float[]) input.x().elements();
    int columns = parameters.inputs();
    if (isInOrder(steps)) {
      return Matrix.of(x, steps.rows(), columns);
    }
    buffers.inputs = Rows.room(buffers.inputs, steps.rows(), columns);
    for (int t = 0; t < steps.length(); t++) {
      int end = steps.row(t, steps.batch());
      for (int row = steps.row(t, 0); row < end; row++) {
        int sequence = steps.sequence(row);
        int step = reverse ? steps.length(sequence) - 1 - t : t;
        int from = input.xAt(step, sequence);
        System.arraycopy(x, from, buffers.inputs, row * columns, columns);
      }
    }
    return Matrix.of(buffers.inputs, steps.rows(), columns);
  }

  /** The states before the first step; null where the node is given neither. */
  private @Nullable LayerState start(RecurrentInput input) {
    if (input.h() == null && input.c() == null) {
      return null;
    }
    boolean memory = parameters.form().kind() == RecurrentKind.LSTM;
    return new LayerState(
        states(input.h(), input), memory ? states(input.c(), input) : new float[0]);
  }

  private float[] states(@Nullable Tensor tensor, RecurrentInput input) {
    int hidden = parameters.hidden();
    if (tensor == null) {
      return new float[input.batch() * hidden];
    }
    var all = (float[]) tensor.elements();
    if (parameters.form().directions() == 1) {
      return all;
    }
    var own = new float[input.batch() * hidden];
    for (int row = 0; row < input.batch(); row++) {
      System.arraycopy(all, input.stateAt(way, row), own, row * hidden, hidden);
    }
    return own;
  }
}
