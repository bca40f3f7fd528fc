/** Commands of sequence to sequence. */
@NullMarked
package dev.unroll.cli.transduce;

import org.jspecify.annotations.NullMarked;
