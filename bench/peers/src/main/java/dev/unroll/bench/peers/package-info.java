/**
 * The peers that Unroll is compared with, each in the fastest form that is available from Java:
 * PyTorch through DJL, and ONNX Runtime. Both compute with the values of {@link
 * dev.unroll.bench.contender.Numbers}, converted to their own order of gates.
 */
@NullMarked
package dev.unroll.bench.peers;

import org.jspecify.annotations.NullMarked;
