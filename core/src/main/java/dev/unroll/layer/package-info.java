/**
 * Recurrent layers, attention, pooling, embeddings, dropout: each forward next to its backward. A
 * layer keeps no activations of its own; it writes what it must remember to a tape, and reads its
 * parameters as named slices of one flat array. Equations and letters are those of {@code
 * docs/mathematics.md}.
 */
@NullMarked
package dev.unroll.layer;

import org.jspecify.annotations.NullMarked;
