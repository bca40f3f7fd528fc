/** ONNX graphs: what a file says, checked, without a way to run it. */
@NullMarked
package dev.unroll.interop.onnx.graph;

import org.jspecify.annotations.NullMarked;
