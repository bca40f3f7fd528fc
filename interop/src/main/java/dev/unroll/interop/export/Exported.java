package dev.unroll.interop.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.List;

/**
 * A model as ONNX graphs.
 *
 * @param graphs one, or those of an encoder-decoder
 * @param notes how options are written that ONNX has no operator for, a sentence each
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
}
