/** The operators of ONNX in plain arithmetic, one method for each. */
@NullMarked
package dev.unroll.interop.onnx.op;

import org.jspecify.annotations.NullMarked;
