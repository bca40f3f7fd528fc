/** Tensors as other frameworks know them, and the files that hold one. */
@NullMarked
package dev.unroll.interop.tensor;

import org.jspecify.annotations.NullMarked;
