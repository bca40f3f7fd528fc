package dev.unroll.interop.chain;

import dev.unroll.interop.onnx.graph.Node;

/** An operator that has no place in a chain of layers; another output may do without it. */
final class NoLayerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private NoLayerException(String message) {
    super(message);
  }

  /** Refuses a node. */
  static NoLayerException of(Node node) {
    return new NoLayerException(node.label() + " has no place in it");
  }

  /** Refuses a node that computes something else than a chain of layers would. */
  static NoLayerException of(Node node, String why) {
    return new NoLayerException(node.label() + " " + why);
  }
}
