package dev.unroll.interop.export;

/**
 * How a model is written.
 *
 * @param opset the version of ONNX's operators, 7 to 24
 * @param streaming whether the graph receives and gives the states of the layers, so that sequences
 *     can come in pieces
 */
public record Form(int opset, boolean streaming) {}
