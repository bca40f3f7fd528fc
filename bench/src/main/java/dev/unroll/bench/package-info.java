/** Benchmarks of speed and memory: every such figure in the docs comes from a program here. */
@NullMarked
package dev.unroll.bench;

import org.jspecify.annotations.NullMarked;
