package dev.unroll.interop.export;

import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Inputs of exported graphs and what the model itself answers to them.
 *
 * @param calls in their order. What a call does not give of a graph's inputs, an earlier one gave
 *     as an output: {@code state_in_N} as {@code state_out_N}, anything else by its own name
 */
public record Sample(List<Call> calls) {

  /** Copies the list. */
  public Sample {
    calls = List.copyOf(calls);
  }

  /**
   * One run of a graph.
   *
   * @param graph which of the exported graphs
   * @param inputs by name
   * @param expected outputs by name; an element that is NaN, or a negative integer, stands for any
   */
  public record Call(int graph, Map<String, Tensor> inputs, Map<String, Tensor> expected) {
    /** Copies the maps. */
    public Call {
      inputs = Map.copyOf(inputs);
      expected = Map.copyOf(expected);
    }
  }
}
