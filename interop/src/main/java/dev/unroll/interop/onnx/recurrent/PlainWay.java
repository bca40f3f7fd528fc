package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.recurrent.RecurrentForm.Way;
import dev.unroll.interop.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One direction of a recurrent node in plain arithmetic: its weights, and a step of a sequence. */
abstract class PlainWay {

  /** What a sequence carries from step to step: H⟨t⟩, and the memory cell C⟨t⟩ of an LSTM. */
  record State(double[] h, double[] c) {

    /** The state before a sequence's first step. */
    static State before(RecurrentInput input, int way, int row) {
      int hidden = input.sizes().hidden();
      int at = input.stateAt(way, row);
      boolean memory = input.sizes().form().kind() == RecurrentKind.LSTM;
      return new State(part(input.h(), at, hidden), part(input.c(), at, memory ? hidden : 0));
    }

    private static double[] part(@Nullable Tensor tensor, int from, int size) {
      var part = new double[size];
      for (int j = 0; tensor != null && j < size; j++) {
        part[j] =
            tensor.elements() instanceof double[] doubles
                ? doubles[from + j]
                : ((float[]) tensor.elements())[from + j];
      }
      return part;
    }
  }

  private final PlainWeights weights;
  private final Way way;
  private final double clip;

  PlainWay(PlainWeights weights, RecurrentForm form, int way) {
    this.weights = weights;
    this.way = form.ways().get(way);
    clip = form.clip();
  }

  /**
   * Computes a step.
   *
   * @param x where the step's inputs lie, from {@code at} on
   * @param state the state before, which is replaced by the new one
   */
  final void step(double[] x, int at, State state) {
    double[] z = weights.ofInput(x, at);
    step(z, state);
  }

  /**
   * Computes a step.
   *
   * @param z {@code W x⟨t⟩ + Wb} of all gates, free to be changed
   */
  abstract void step(double[] z, State state);

  final PlainWeights weights() {
    return weights;
  }

  /** The function f, g or h of an argument that the node's clip bounds. */
  final double bounded(int function, double x) {
    return apply(function, Math.max(-clip, Math.min(clip, x)));
  }

  /** The function f, g or h. */
  final double apply(int function, double x) {
    return way.activations().get(function).apply(x);
  }

  /** Whether the direction reads sequences from their last step to their first. */
  final boolean reverse() {
    return way.reverse();
  }
}
