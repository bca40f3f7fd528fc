/** Load on servers: how many requests they answer, how fast, and whether they last. */
@NullMarked
package dev.unroll.bench.serve;

import org.jspecify.annotations.NullMarked;
