/** ONNX models in pure Java: opens, runs, streams and checks them. */
@NullMarked
package dev.unroll.interop.onnx;

import org.jspecify.annotations.NullMarked;
