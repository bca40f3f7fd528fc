/**
 * A network's description (immutable records), its parameters, the network built from both, and its
 * file. A model is one {@code .safetensors} file, checked in full before it is used; reading one
 * can never run code.
 */
@NullMarked
package dev.unroll.model;

import org.jspecify.annotations.NullMarked;
