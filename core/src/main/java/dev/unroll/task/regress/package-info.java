/** A number of a text, or of a sequence of numbers: the network and its training. */
@NullMarked
package dev.unroll.task.regress;

import org.jspecify.annotations.NullMarked;
