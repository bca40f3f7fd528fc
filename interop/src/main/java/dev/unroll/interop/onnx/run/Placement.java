package dev.unroll.interop.onnx.run;

import dev.unroll.interop.onnx.graph.Node;

/**
 * A node, also one of a graph in a node, and what runs it.
 *
 * @param why why it is not the engine, such as {@code clip}; empty where that is not a question
 */
public record Placement(Node node, Where where, String why) {

  /** What runs a node. */
  public enum Where {
    /** The recurrent engine, with packed weights. */
    ENGINE,
    /** Plain arithmetic. */
    EVALUATOR,
    /** Nothing: its outputs are constants, and are known. */
    CONSTANT
  }

  /** A node that the engine has nothing for. */
  Placement(Node node, Where where) {
    this(node, where, "");
  }
}
