/**
 * ONNX graphs that are a chain of layers such as ours: embedding, recurrent layers, linear layer.
 */
@NullMarked
package dev.unroll.interop.chain;

import org.jspecify.annotations.NullMarked;
