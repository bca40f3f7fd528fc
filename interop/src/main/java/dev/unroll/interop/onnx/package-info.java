/** ONNX models in pure Java: opened, run, made into streams, and checked. */
@NullMarked
package dev.unroll.interop.onnx;

import org.jspecify.annotations.NullMarked;
