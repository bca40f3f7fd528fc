package dev.unroll.interop.onnx.run;

import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node that runs a graph once for each slice of some sequences (Scan of opset 9 and later).
 * Inputs: states, then sequences. Outputs: the last states, then sequences of what the steps have
 * computed. Each sequence has its axis and its direction.
 *
 * @param sequences how many of the inputs are sequences
 * @param directions the attribute that says which of them are read backward
 */
record ScanStep(Places places, Body body, int sequences, String directions) implements Plan.Step {

  @Override
  public void run(@Nullable Tensor[] frame, Execution execution) {
    places.compute(frame, inputs -> outputs(inputs, body.around(frame), execution));
  }

  /** Returns the last states, and what the steps have computed besides. */
  List<Tensor> outputs(
      List<? extends @Nullable Tensor> inputs, List<Tensor> around, Execution execution) {
    List<Tensor> all = LoopStep.present(inputs);
    int before = all.size() - sequences;
    List<Tensor> states = all.subList(0, before);
    List<Tensor> scanned = all.subList(before, all.size());
    int[] axes = axes(scanned);
    int length = length(scanned, axes);
    var collected = new Collected(places.node(), body.graph().outputs(), before);
    for (int step = 0; step < length; step++) {
      execution.step(places.node());
      var given = new ArrayList<>(states);
      for (int i = 0; i < sequences; i++) {
        int at = reverse(directions, i) ? length - 1 - step : step;
        given.add(Slices.at(scanned.get(i), axes[i], at));
      }
      List<Tensor> computed = body.plan().run(given, around, execution);
      states = computed.subList(0, before);
      collected.add(computed, execution);
    }
    var outputs = new ArrayList<>(states);
    for (int i = 0; i < collected.count(); i++) {
      outputs.add(
          collected.stacked(
              i, number("scan_output_axes", i), reverse("scan_output_directions", i)));
    }
    return outputs;
  }

  private int[] axes(List<Tensor> scanned) {
    var axes = new int[sequences];
    for (int i = 0; i < sequences; i++) {
      axes[i] = Slices.axis(number("scan_input_axes", i), scanned.get(i).shape().rank());
    }
    return axes;
  }

  private int length(List<Tensor> scanned, int[] axes) {
    int length = scanned.getFirst().shape().axis(axes[0]);
    for (int i = 1; i < sequences; i++) {
      int other = scanned.get(i).shape().axis(axes[i]);
      if (other != length) {
        throw new IllegalArgumentException(
            "its sequences have different lengths: " + length + " and " + other);
      }
    }
    return length;
  }

  private boolean reverse(String name, int index) {
    return number(name, index) == 1;
  }

  private long number(String name, int index) {
    Attributes attributes = places.node().attributes();
    List<Long> numbers = attributes.numbers(name, List.of());
    return index < numbers.size() ? numbers.get(index) : 0;
  }
}
