/** Unroll as a contender: what it computes, on the shapes and numbers that all contenders share. */
@NullMarked
package dev.unroll.bench.unroll;

import org.jspecify.annotations.NullMarked;
