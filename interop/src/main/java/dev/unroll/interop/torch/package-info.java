/** PyTorch: weights from its files, read without running anything, and weights for it. */
@NullMarked
package dev.unroll.interop.torch;

import org.jspecify.annotations.NullMarked;
