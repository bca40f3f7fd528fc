package dev.unroll.interop.onnx;

import dev.unroll.interop.onnx.graph.Node;

/**
 * An exact cure of a node.
 *
 * @param place the input that it leaves out, if it leaves one out
 */
record Cure(Fault fault, Node node, int place) {}
