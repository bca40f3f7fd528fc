/**
 * Reads what Keras saves: {@code .keras} and {@code .weights.h5} of Keras 3, and {@code .h5} of
 * Keras 2. Nothing in such a file is ever executed.
 */
@NullMarked
package dev.unroll.interop.keras;

import org.jspecify.annotations.NullMarked;
