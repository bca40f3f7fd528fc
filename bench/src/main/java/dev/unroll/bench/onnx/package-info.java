/** A layer as an ONNX file, and ONNX Runtime in the same process. */
@NullMarked
package dev.unroll.bench.onnx;

import org.jspecify.annotations.NullMarked;
