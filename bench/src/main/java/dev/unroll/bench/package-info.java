/** Measurements of speed and memory: every such claim in the docs comes from a program in here. */
@NullMarked
package dev.unroll.bench;

import org.jspecify.annotations.NullMarked;
