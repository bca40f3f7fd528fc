package dev.unroll.interop.onnx.run;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scan of opset 8, which runs a graph along each sequence of a batch. Inputs: how many steps each
 * sequence has, which may be left out, then states and sequences, whose first axis is the batch;
 * the second axis of sequences is the steps. What the steps of a shorter sequence lack is 0.
 *
 * @param scan what happens to one sequence
 */
record BatchedScanStep(ScanStep scan) implements Plan.Step {

  @Override
  public void run(@Nullable Tensor[] frame, Execution execution) {
    scan.places().compute(frame, inputs -> outputs(inputs, scan.body().around(frame), execution));
  }

  private List<Tensor> outputs(
      List<@Nullable Tensor> inputs, List<Tensor> around, Execution execution) {
    List<Tensor> given = LoopStep.present(inputs.subList(1, inputs.size()));
    int states = given.size() - scan.sequences();
    int batch = Slices.length(given.getFirst(), 0);
    int steps = Slices.length(given.get(states), 1);
    for (int i = 0; i < given.size(); i++) {
      Tensor each = given.get(i);
      boolean fits = Slices.length(each, 0) == batch && batch > 0;
      if (!fits || (i > states && Slices.length(each, 1) != steps)) {
        throw new IllegalArgumentException("its inputs are of no batch: " + given);
      }
    }
    List<List<Tensor>> columns = new ArrayList<>();
    for (int row = 0; row < batch; row++) {
      int length = length(inputs.getFirst(), row, batch, steps);
      List<Tensor> outputs = scan.outputs(row(given, row, length, states), around, execution);
      for (int i = 0; i < outputs.size(); i++) {
        if (row == 0) {
          columns.add(new ArrayList<>());
        }
        Tensor each = outputs.get(i);
        columns.get(i).add(i < states ? each : resized(each, steps));
      }
    }
    return columns.stream().map(each -> Slices.stack(each, 0)).toList();
  }

  private static int length(@Nullable Tensor lengths, int row, int batch, int steps) {
    if (lengths == null) {
      return steps;
    }
    if (lengths.size() != batch || !lengths.type().isInteger()) {
      throw new IllegalArgumentException("sequence_lens is " + lengths + " for " + batch);
    }
    long length = ((long[]) lengths.elements())[row];
    if (length < 0 || length > steps) {
      throw new IllegalArgumentException("sequence_lens has " + length + " of " + steps + " steps");
    }
    return (int) length;
  }

  private static List<Tensor> row(List<Tensor> given, int row, int length, int states) {
    var own = new ArrayList<Tensor>();
    for (int i = 0; i < given.size(); i++) {
      Tensor each = Slices.at(given.get(i), 0, row);
      own.add(i < states ? each : resized(each, length));
    }
    return own;
  }

  /** The first steps of a sequence, and zeros after its last. */
  private static Tensor resized(Tensor sequence, int steps) {
    Shape shape = sequence.shape();
    if (shape.axis(0) == steps) {
      return sequence;
    }
    var axes = new ArrayList<>(shape.axes());
    axes.set(0, steps);
    var wanted = new Shape(axes);
    Object elements = Array.newInstance(sequence.type().array().getComponentType(), wanted.size());
    int count = Math.min(sequence.size(), wanted.size());
    System.arraycopy(sequence.elements(), 0, elements, 0, count);
    return Tensor.adopt(sequence.type(), wanted, elements);
  }
}
