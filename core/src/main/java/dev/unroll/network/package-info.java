/**
 * Networks: an immutable description, apart from the weights, and the stack of layers built from
 * it.
 */
@NullMarked
package dev.unroll.network;

import org.jspecify.annotations.NullMarked;
