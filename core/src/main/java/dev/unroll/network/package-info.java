/**
 * Descriptions of networks, apart from the weights: immutable, and equal where they say the same.
 */
@NullMarked
package dev.unroll.network;

import org.jspecify.annotations.NullMarked;
