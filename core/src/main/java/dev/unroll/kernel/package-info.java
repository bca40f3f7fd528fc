/**
 * Single-precision arithmetic on flat {@code float[]} arrays: products, activations, reductions and
 * the fused steps of each recurrent cell. Every operation has a vector and a scalar form with the
 * same bits; which of the two runs is chosen once, at start, by {@link dev.unroll.kernel.Kernels}.
 * Nothing outside this package sees the Vector API.
 */
@NullMarked
package dev.unroll.kernel;

import org.jspecify.annotations.NullMarked;
