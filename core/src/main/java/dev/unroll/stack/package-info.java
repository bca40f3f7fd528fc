/**
 * Networks as they compute: the stack of layers that a description asks for, the decoder, and
 * buffers.
 */
@NullMarked
package dev.unroll.stack;

import org.jspecify.annotations.NullMarked;
