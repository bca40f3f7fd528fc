/**
 * Sequence to sequence with an encoder-decoder. {@link dev.unroll.task.transduce.Transducer} is the
 * type to start from.
 */
@NullMarked
package dev.unroll.task.transduce;

import org.jspecify.annotations.NullMarked;
