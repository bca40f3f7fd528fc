/**
 * Sequence to sequence with an encoder-decoder: the network, its training and the search for
 * answers.
 */
@NullMarked
package dev.unroll.task.transduce;

import org.jspecify.annotations.NullMarked;
