/** Runs graphs: each node after those that it needs, with conditions and loops, within limits. */
@NullMarked
package dev.unroll.interop.onnx.run;

import org.jspecify.annotations.NullMarked;
