package dev.unroll.interop.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A model as ONNX graphs.
 *
 * @param graphs one, or those of an encoder-decoder
 * @param notes how parts are written that ONNX has no operator for, and what they read, a sentence
 *     each
 * @param samples what the model answers, to compare with
 */
public record Exported(List<Graph> graphs, List<String> notes, List<Sample> samples) {

  /** Copies the lists. */
  public Exported {
    graphs = List.copyOf(graphs);
    notes = List.copyOf(notes);
    samples = List.copyOf(samples);
  }

  /**
   * One file.
   *
   * @param part what the file's name has before its ending, such as {@code encode}; empty where
   *     there is one file only
   */
  public record Graph(String part, ModelProto model) {}

  /**
   * Inputs of the graphs and what the model itself answers to them.
   *
   * @param calls in their order. What a call does not give of a graph's inputs, an earlier one gave
   *     as an output: {@code state_in_N} as {@code state_out_N}, anything else by its own name
   */
  public record Sample(List<Call> calls) {
    /** Copies the list. */
    public Sample {
      calls = List.copyOf(calls);
    }
  }

  /**
   * One run of a graph.
   *
   * @param graph which of the graphs
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
