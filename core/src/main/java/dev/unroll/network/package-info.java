/** Descriptions of networks, apart from the weights: immutable values. */
@NullMarked
package dev.unroll.network;

import org.jspecify.annotations.NullMarked;
