/**
 * The peers that Unroll is measured against, each in the fastest form that it offers to Java:
 * PyTorch through DJL, and ONNX Runtime. Both compute with the numbers of {@link
 * dev.unroll.bench.contender.Numbers}, brought into their own order of gates.
 */
@NullMarked
package dev.unroll.bench.peers;

import org.jspecify.annotations.NullMarked;
